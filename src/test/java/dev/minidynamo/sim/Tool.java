package dev.minidynamo.sim;
import java.util.*;
class Tool { public static void main(String[] a) {
 long first=Long.parseLong(a[0]), count=Long.parseLong(a[1]); int max=Integer.parseInt(a[2]);
 List<Long> seeds=new ArrayList<>(); for(long s=first;s<first+count;s++) seeds.add(s);
 var r=new Campaign(ScenarioGenerator::of, Blueprint.PRODUCTION, max).run(seeds);
 r.failures().forEach(System.out::println); System.out.println(r);
}}
