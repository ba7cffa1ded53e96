package dev.minidynamo.app;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

import java.util.List;

/** The Spring application. */
@SpringBootApplication
public class MiniDynamo {

    public static void main(String[] args) {
        if (List.of(args).contains("--help")) {
            System.out.println("Usage: java -jar mini-dynamo.jar [--help]");
            return;
        }
        SpringApplication.run(MiniDynamo.class, args);
    }
}
