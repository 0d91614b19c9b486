<?php
// Writes escapes.json: what PHP makes of texts, good and bad. Run it with PHP 8.1
// or later (php-cli):  php escapes.php >escapes.json
//
// Each entry has, in hexadecimal: in, a text; html, htmlspecialchars of it;
// content, nl2br of that; json, json_encode of in, empty if PHP refuses; and
// substitute, json_encode with JSON_INVALID_UTF8_SUBSTITUTE.

$texts = [
    '', 'hi,  all !', '猪猪', '大家好啊 !', 'é ü ß', '😀', "\u{10ffff}", "\u{ffff}", "\u{fffd}",
    "\u{2028}\u{2029}", "\0", "a\0b", "\x01\x08\x09\x0a\x0b\x0c\x0d\x1f\x7f", "\u{80}\u{a0}",
    '&<>"\'/\\', '&amp; &lt;', '</script>', "line1\nline2", "a\r\nb\n\rc\rd", "\n\n", "\r\r\n\n", "\n\r\n", "\r\n\r\n",
    // Broken UTF-8: alone, cut off, surrogates, overlong, too large.
    "\xff", "\x80", "\xc3", "\xc3a", "\xc3\xc3\xa9", "\xe7", "\xe7\x8c", "\xe7\x8ca", "\xe7a\x8c", "\xe7ab",
    "\xe7\x8c\xe7\x8c\xaa", "\xed\xa0\x80", "\xed\xa0\x80\xed\xb0\x80", "\xed\xbf\xbf", "\xf0\x9f", "\xf0\x9f\x98",
    "\xf0\x9f\x98a", "\xf0\x9fab", "\xf0abc", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc0\x80", "\xc1\xbf",
    "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xc2AB", "\xe7\xff\xff", "\xe7\x8c\xff",
    "\xf0\x9f\x98\xff", "\xf0\xff\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe\xff", "\xc3\n", "\xe7<", "\xf0\x9f\"",
];
// The same bytes each time: a small generator of our own, and pieces that meet
// where escapes begin and end.
$state = 2014;
$next = function (int $n) use (&$state): int {
    $state = ($state * 1103515245 + 12345) & 0x7fffffff;
    return ($state >> 8) % $n;
};
$pieces = ['a', ' ', "\0", "\n", "\r", "\t", '&', '<', '>', '"', "'", '/', '\\', 'é', '猪', '😀', "\u{2028}",
    "\x80", "\xbf", "\xc3", "\xe7", "\xe7\x8c", "\xed\xa0\x80", "\xf0", "\xf0\x9f", "\xf0\x9f\x98", "\xf4", "\xff"];
for ($i = 0; $i < 400; $i++) {
    $s = '';
    for ($n = 1 + $next(12); $n > 0; $n--) {
        $s .= $next(8) ? $pieces[$next(count($pieces))] : chr($next(256));
    }
    $texts[] = $s;
}
$out = [];
foreach ($texts as $in) {
    $html = htmlspecialchars($in, ENT_QUOTES | ENT_SUBSTITUTE | ENT_HTML401, 'UTF-8');
    $out[] = json_encode(array_map('bin2hex', [
        'in' => $in,
        'html' => $html,
        'content' => nl2br($html),
        'json' => json_encode($in) ?: '',
        'substitute' => json_encode($in, JSON_INVALID_UTF8_SUBSTITUTE),
    ]));
}
echo "[\n", implode(",\n", $out), "\n]\n";
