import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The JDK's HttpClient: GET the address that is given, with the certificates that it trusts by default. */
public class Trusting {
    public static void main(String[] arguments) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0])).build();
        try {
            System.out.println(
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
        } catch (java.io.IOException fault) {
            System.out.println("refused: " + fault);
            System.exit(1);
        }
    }
}
