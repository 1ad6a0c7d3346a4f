import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Calls by the JDK's own HttpClient as it comes: on plain http it asks for h2c with its body. One answer a line. */
public class Calls {
    static final HttpClient CLIENT = HttpClient.newHttpClient();
    static final String BOUNDARY = "----mockface-test-boundary";

    public static void main(String[] given) throws Exception {
        URI uri = URI.create(given[0] + "/face/idcardcompare");
        String authorization = given[1];
        byte[] photo = Files.readAllBytes(Path.of(given[2]));
        byte[] large = Files.readAllBytes(Path.of(given[3]));
        System.out.println(post(uri, authorization, "application/json", json("110110199909090909")));
        System.out.println(post(uri, authorization, "multipart/form-data; boundary=" + BOUNDARY, form(photo)));
        System.out.println(post(uri, authorization, "multipart/form-data; boundary=" + BOUNDARY, form(large)));
        for (String number : List.of(given).subList(4, given.length)) {
            System.out.println(post(uri, authorization, "application/json", json(number)));
        }
    }

    static String post(URI uri, String authorization, String type, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri)
            .header("Authorization", authorization)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    static byte[] json(String number) {
        String text = "{\"appid\":\"1250000000\",\"idcard_number\":\"" + number
            + "\",\"idcard_name\":\"\u5f20\u4e09\",\"url\":\"http://example.com/face.jpg\"}";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] form(byte[] photo) {
        StringBuilder head = new StringBuilder();
        String[][] fields = {
            {"appid", "1250000000"}, {"idcard_number", "110110199909090909"}, {"idcard_name", "\u5f20\u4e09"},
        };
        for (String[] field : fields) {
            int length = field[1].getBytes(StandardCharsets.UTF_8).length;
            head.append("--").append(BOUNDARY).append("\r\nContent-Disposition: form-data; name=\"").append(field[0])
                .append("\"\r\nContent-Length: ").append(length).append("\r\n\r\n").append(field[1]).append("\r\n");
        }
        head.append("--").append(BOUNDARY).append("\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"")
            .append("\r\nContent-Type: image/jpg\r\n\r\n");
        byte[] before = head.toString().getBytes(StandardCharsets.UTF_8);
        byte[] behind = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[before.length + photo.length + behind.length];
        System.arraycopy(before, 0, body, 0, before.length);
        System.arraycopy(photo, 0, body, before.length, photo.length);
        System.arraycopy(behind, 0, body, before.length + photo.length, behind.length);
        return body;
    }
}
