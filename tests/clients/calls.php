<?php
// Calls by PHP's curl extension, in the forms that the vendor's PHP SDK sends. One answer a line.
[, $url, $authorization, $photo, $large] = $argv;
$person = ['appid' => '1250000000', 'bucket' => 'mockbucket', 'idcard_number' => '110110199909090909', 'idcard_name' => '张三'];

function post(string $url, string $authorization, $body, array $headers = []): void
{
    $curl = curl_init("$url/face/idcardcompare");
    // No blank behind the colons and no Expect, as the SDK has it.
    $headers = array_merge(["Authorization:$authorization", 'Expect:'], $headers);
    curl_setopt_array($curl, [
        CURLOPT_POST => 1, CURLOPT_POSTFIELDS => $body, CURLOPT_HTTPHEADER => $headers, CURLOPT_RETURNTRANSFER => 1,
        CURLOPT_TIMEOUT => 10, CURLOPT_NOPROXY => '*',
    ]);
    $answer = curl_exec($curl);
    echo $answer === false ? json_encode(['error' => curl_error($curl)]) : $answer, "\n";
}

post($url, $authorization, json_encode($person + ['url' => 'http://example.com/face.jpg']), ['Content-Type:application/json']);
post($url, $authorization, $person + ['image' => new CURLFile(realpath($photo))]);
post($url, $authorization, $person + ['image' => file_get_contents($photo)]);
post($url, $authorization, $person + ['image' => str_pad(file_get_contents($photo), 1500000, "\0")]);
post($url, $authorization, $person + ['image' => new CURLFile(realpath($large))]);
