# Builds Mini Dynamo from its sources and keeps what it needs to run.
#
# MVNW_REPOURL: the base of a Maven repository to fetch Maven itself from, where the Apache archive
# cannot be reached.

FROM eclipse-temurin:25-jdk AS build
ARG MVNW_REPOURL
WORKDIR /src

# The dependencies change seldom, so they are fetched in a layer of their own: by a build of next to nothing.
COPY mvnw pom.xml ./
COPY .mvn/ .mvn/
RUN mkdir -p src/main/java/dev/minidynamo/app \
    && echo 'package dev.minidynamo.app; class Launcher {}' > src/main/java/dev/minidynamo/app/Launcher.java \
    && ./mvnw --batch-mode -q -Pquick -Dmaven.test.skip=true package \
    && rm -rf src target

COPY src/main/ src/main/
RUN ./mvnw --batch-mode -q -Pquick -Dmaven.test.skip=true package \
    && java -Djarmode=tools -jar target/quick/mini-dynamo.jar extract --layers --destination /layers


FROM eclipse-temurin:25-jre
WORKDIR /app
COPY docker/healthy docker/nodes.json ./
COPY --from=build /layers/dependencies/ ./
COPY --from=build /layers/spring-boot-loader/ ./
COPY --from=build /layers/snapshot-dependencies/ ./
COPY --from=build /layers/application/ ./
# The nodes start in about half of the time from a cache of their classes, made by the Java that will use it.
RUN java -XX:ActiveProcessorCount=2 -jar mini-dynamo.jar start-cache
RUN mkdir -m 0700 /data && chown 10001:10001 /data
USER 10001:10001
VOLUME /data
ENV DYNAMO_CONFIG=/app/nodes.json
# Small, because an agent and a console do little; an agent gives its node a heap of its own (--heap). With two
# processors in sight it gives its node the collector that the cache was made with.
ENTRYPOINT ["java", "-XX:ActiveProcessorCount=2", "-XX:AOTCache=/app/start.aot", "-Xmx96m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "-jar", "/app/mini-dynamo.jar"]
CMD ["--help"]
