package dev.minidynamo.sim;
class Replay { public static void main(String[] a) {
 Scenario s=ScenarioGenerator.of(Long.parseLong(a[0]));
 var v=Simulation.run(s, Blueprint.PRODUCTION, true);
 System.out.println(s.describe()); v.lines().forEach(System.out::println); System.out.println(v.violation());
}}
