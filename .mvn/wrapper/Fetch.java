import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** Fetches a URL into a file, for machines that have a JDK but neither curl nor wget. */
final class Fetch {

    private Fetch() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(args[0])).build();
        HttpResponse<Path> answer =
                client.send(request, HttpResponse.BodyHandlers.ofFile(Path.of(args[1])));
        if (answer.statusCode() != 200) {
            System.err.println("HTTP status " + answer.statusCode());
            System.exit(1);
        }
    }
}
