import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** A client in plain Java: java examples/Example.java [URL]. */
public final class Example {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Example() {}

    public static void main(String[] args) throws Exception {
        String url = (args.length > 0 ? args[0] : "http://localhost:9001") + "/kv/greeting-java";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        HttpResponse<String> put = send(request.PUT(BodyPublishers.ofString("hello")));
        System.out.println("put " + put.statusCode() + ", " + header(put, "Dynamo-Replicas"));
        HttpResponse<String> got = send(request.GET());
        System.out.println("get " + got.statusCode() + ", " + got.body());
        System.out.println("delete " + send(request.DELETE()).statusCode());
        System.out.println("get " + send(request.GET()).statusCode());
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
