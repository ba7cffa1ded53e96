package dev.minidynamo.app;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The Spring application. */
@SpringBootApplication
public class MiniDynamo {

    public static void main(String[] args) {
        SpringApplication.run(MiniDynamo.class, args);
    }
}
