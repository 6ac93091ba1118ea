//! The built-in functions.

use super::check_all;

#[test]
fn strings() {
    check_all(&[
        ("$string(5)", r#""5""#),
        ("$string([1, null])", r#""[1,null]""#),
        ("$string($in.unknown)", "*"),
        ("$string($part)", r#""arn:*:t""#),
        ("$string($states.nosuch)", "absent"),
        ("$length('aé😀')", "3"),
        ("$length($part)", "*"),
        ("$substring('hello', 1)", r#""ello""#),
        ("$substring('hello', 1, 2)", r#""el""#),
        ("$substring('hello', -3, 2)", r#""ll""#),
        ("$substring('hello', -9)", r#""hello""#),
        ("$substring('hello', 9)", r#""""#),
        ("$substring('hello', 0, 0)", r#""""#),
        ("$substring($part, 0, 3)", r#""arn""#),
        ("$substring($part, 2)", r#""n:*:t""#),
        ("$substring($part, 2, 9)", r#""n:*""#),
        ("$substringBefore('a:b:c', ':')", r#""a""#),
        ("$substringBefore('abc', ':')", r#""abc""#),
        ("$substringBefore($part, ':')", r#""arn""#),
        ("$substringBefore($part, 'x')", r#""*""#),
        ("$substringAfter('a:b:c', ':')", r#""b:c""#),
        ("$substringAfter('abc', ':')", r#""abc""#),
        ("$substringAfter($part, 'r')", r#""n:*:t""#),
        ("$substringAfter($part, 'x')", r#""*""#),
        ("$substringBefore($in.unknown, ':')", "*"),
        ("$uppercase('aB')", r#""AB""#),
        ("$lowercase('aB')", r#""ab""#),
        ("$uppercase($part)", r#""ARN:*:T""#),
        ("$uppercase('ß')", r#""*""#),
        ("$uppercase($set)", r#""X"|"Y""#),
        ("$uppercase($maybe)", r#""X"|absent"#),
        (r"$trim('  a \n b ')", r#""a b""#),
        ("$trim($part)", r#""arn:*:t""#),
        ("$pad('a', 3)", r#""a  ""#),
        ("$pad('a', -3, '+')", r#""++a""#),
        ("$pad('a', 4, 'xy')", r#""axyx""#),
        ("$pad('abc', 2)", r#""abc""#),
        ("$pad('a', 1e9)", "*"),
        ("$contains('abc', 'b')", "true"),
        ("$contains('abc', 'd')", "false"),
        ("$contains($part, 'arn')", "true"),
        ("$contains($part, 'x')", "*"),
        ("$contains('a', /a/)", "*"),
        ("$split('a:b::c', ':')", r#"["a","b","","c"]"#),
        ("$split('a:b:c', ':', 2)", r#"["a","b"]"#),
        ("$split('abc', '')", r#"["a","b","c"]"#),
        ("$split($in.arn, ':')[5]", r#""t""#),
        ("$split($part, ':')[0]", r#""arn""#),
        ("$split($part, ':')[1]", "*"),
        ("$split($part, ':', 1)", r#"["arn"]"#),
        ("$split('a b', / /)", "*"),
        ("$join(['a', 'b'], '-')", r#""a-b""#),
        ("$join('a')", r#""a""#),
        ("$join([], '-')", r#""""#),
        ("$join($in.words)", r#""bac""#),
        ("$join([1])", "*"),
        ("$join(['a', $in.unknown, 'b'], ':')", r#""a*:b""#),
        ("$join([$in.unknown, 'b'], ':')", r#""*b""#),
        ("$join(['a', $part], '/')", r#""a/arn:*:t""#),
        ("$join(['q', $set], '-')", r#""q-x"|"q-y""#),
        ("$join($in.unknown, '-')", "*"),
        ("$join(['a', 'b'], $in.unknown)", "*"),
        ("$replace('a.b.c', '.', '-')", r#""a-b-c""#),
        ("$replace('a.b.c', '.', '-', 1)", r#""a-b.c""#),
        ("$replace('a', '', 'b')", "*"),
        ("$replace('a', /a/, 'b')", "*"),
        ("$replace($part, ':', '-')", "*"),
    ]);
}

#[test]
fn encodings() {
    check_all(&[
        ("$base64encode('hello')", r#""aGVsbG8=""#),
        ("$base64decode('aGVsbG8=')", r#""hello""#),
        ("$base64encode('é')", "*"),
        ("$base64decode('?')", "*"),
        ("$encodeUrlComponent('a b/c')", r#""a%20b%2Fc""#),
        ("$encodeUrlComponent('a(b)')", "*"),
        ("$encodeUrl('https://a.b/c?d=e')", r#""https://a.b/c?d=e""#),
        ("$decodeUrlComponent('a%20b%2Fc')", r#""a b/c""#),
        ("$decodeUrlComponent('%')", "*"),
        ("$decodeUrlComponent('a+b')", "*"),
        ("$decodeUrl('a/b')", r#""a/b""#),
        ("$hash('abc', 'SHA-1')", r#""a9993e364706816aba3e25717850c26c9cd0d89d""#),
        ("$hash('abc', 'CRC')", "*"),
        ("$hash($in.unknown, 'MD5')", "*"),
        (r#"$parse('{\"a\": [1, null]}').a"#, "[1,null]"),
        ("$parse('{')", "*"),
        ("$parse($in.unknown)", "*"),
    ]);
}

#[test]
fn numbers() {
    check_all(&[
        ("$number('12.50')", "12.5"),
        ("$number(true)", "1"),
        ("$number('0x10')", "*"),
        ("$number('a')", "*"),
        ("$number(null)", "*"),
        ("$abs(-2)", "2"),
        ("$floor(-1.5)", "-2"),
        ("$ceil(1.2)", "2"),
        ("$sqrt(9)", "3"),
        ("$sqrt(-1)", "*"),
        ("$round(2.5)", "2"),
        ("$round(3.5)", "4"),
        ("$round(1.005, 2)", "1"),
        ("$round(-12.345, 1)", "-12.3"),
        ("$round(155, -1)", "160"),
        ("$power(2, 10)", "1024"),
        ("$power(2, 0.5)", "*"),
        ("$power(10, 99)", "*"),
        ("$sum([1, 2, 3])", "6"),
        ("$sum([])", "0"),
        ("$max($in.list)", "3"),
        ("$min($in.list)", "1"),
        ("$average([1, 2])", "1.5"),
        ("$max([])", "absent"),
        ("$sum(5)", "5"),
        ("$sum($states.nosuch)", "absent"),
        ("$sum(['a'])", "*"),
        ("$sum([[1]])", "*"),
        ("$sum([1, $in.unknown])", "*"),
        ("$number($set)", "*"),
    ]);
}

#[test]
fn types() {
    check_all(&[
        ("$boolean('a')", "true"),
        ("$boolean([0])", "false"),
        ("$boolean({})", "false"),
        ("$boolean($states.nosuch)", "absent"),
        ("$boolean($in.unknown)", "*"),
        ("$not(0)", "true"),
        ("$not($part)", "false"),
        ("$exists($in.n)", "true"),
        ("$exists($states.nosuch)", "false"),
        ("$exists($in.unknown)", "*"),
        ("$exists($maybe)", "true|false"),
        ("$type('a')", r#""string""#),
        ("$type($part)", r#""string""#),
        ("$type([])", r#""array""#),
        ("$type($in.nothing)", r#""null""#),
        ("$type({})", r#""object""#),
        ("$type($in.unknown)", "*"),
        // A variable that only the run knows may have the name of a function.
        ("$exists($sum)", "*"),
        ("$sum ? 'a' : 'b'", r#""a"|"b""#),
        ("$type($sum)", "*"),
        ("'q-' & $max", r#""q-*""#),
    ]);
}

#[test]
fn array_functions() {
    check_all(&[
        ("$append([1], [2, 3])", "[1,2,3]"),
        ("$append(1, 2)", "[1,2]"),
        ("$append($states.nosuch, 1)", "1"),
        ("$append([1], $in.unknown)", "*"),
        ("$sort([3, 1, 2])", "[1,2,3]"),
        ("$sort($in.words)", r#"["a","b","c"]"#),
        ("$sort([1, 'a'])", "*"),
        ("$sort($in.list, function($a, $b){$a < $b})", "[3,2,1]"),
        ("$sort([$set, 'a'])", "*"),
        ("$reverse([1, 2])", "[2,1]"),
        ("$reverse([$part, 'b'])", r#"["b","arn:*:t"]"#),
        ("$distinct([1, 2, 1])", "[1,2]"),
        ("$distinct([1, 1])", "[1]"),
        ("$distinct($in.orders.price)", "[5,3]"),
        ("$distinct(['x', $set])", "*"),
        ("$zip([1, 2], ['a', 'b', 'c'])", r#"[[1,"a"],[2,"b"]]"#),
        ("$zip([1], $states.nosuch)", "[]"),
        ("$partition([1, 2, 3, 4, 5], 2)", "[[1,2],[3,4],[5]]"),
        ("$partition([1], 0)", "*"),
        ("$range(0, 10, 5)", "[0,5,10]"),
        ("$range(3, 1, -1)", "[3,2,1]"),
        ("$range(1, 2, 0)", "*"),
        ("$range(1, 1e9, 1)", "*"),
    ]);
}

#[test]
fn object_functions() {
    check_all(&[
        ("$keys({'a': 1})", r#""a""#),
        ("$keys({})", "absent"),
        ("$keys({'a': 1, 'b': 2})", "*"),
        ("$keys({'a': $in.unknown})", "*"),
        ("$lookup({'a': 1, 'b': 2}, 'b')", "2"),
        ("$lookup({'a': 1, 'b': 2}, $set)", "absent"),
        ("$lookup({'x': 1, 'y': 2}, $set)", "1|2"),
        ("$lookup($in.orders, 'id')", r#"["o1","o2","o3"]"#),
        ("$lookup({'a': 1}, $in.unknown)", "*"),
        ("$lookup({'prod': 'arn:p', 'dev': 'arn:d'}, 'dev')", r#""arn:d""#),
        ("$merge([{'a': 1, 'b': 2}, {'b': 3}])", "{a:1,b:3}"),
        ("$merge([{'a': 1}, $in.unknown, {'b': 2}])", "{b:2,…}"),
        ("$merge([$states.input, {'n': 7}]).n", "7"),
        ("$merge([{'n': 7}, $states.input]).n", "2"),
        ("$merge([$in.unknown, {'b': $maybe}]).b", "*"),
        ("$merge([{'b': 'y'}, {'b': $maybe}]).b", r#""x"|"y""#),
        ("$spread({'a': 1})", "{a:1}"),
        ("$spread({'a': 1, 'b': 2})", "*"),
    ]);
}

#[test]
fn functions_of_functions() {
    check_all(&[
        ("$map([1, 2], function($v){$v * 2})", "[2,4]"),
        ("$map(['a', 'b'], $uppercase)", r#"["A","B"]"#),
        ("$map(['a', 'b'], function($v, $i, $all){$v & $i})", r#"["a0","b1"]"#),
        ("$map([1], function($v){$v})", "1"),
        ("$map([1, 2], function($v){$states.nosuch})", "absent"),
        ("$map($in.unknown, function($v){'a'})", "*"),
        ("$map([1, 2], function($v){$in.unknown})", "*"),
        ("$join($map(['a', 'b'], function($v){$v & $in.unknown}), ',')", r#""a*,b*""#),
        ("$map(['a'], $substring)", "*"),
        ("$map(['a', 'b'], $pad(?, 2))", r#"["a ","b "]"#),
        ("$filter([1, 2, 3], function($v){$v > 1})", "[2,3]"),
        ("$filter([1, 2], function($v){$v = $in.unknown})", "*"),
        ("$single([1, 2, 3], function($v){$v = 2})", "2"),
        ("$single([1, 2])", "*"),
        ("$single(['a'])", r#""a""#),
        ("$reduce([1, 2, 3], function($a, $v){$a + $v})", "6"),
        ("$reduce(['b', 'c'], function($a, $v){$a & '/' & $v}, 'a')", r#""a/b/c""#),
        ("$reduce([1, 2], function($a){$a})", "*"),
        ("$each({'a': 1}, function($v, $k){$k & $v})", r#""a1""#),
        ("$each({'a': 1, 'b': 2}, function($v){$v})", "*"),
        ("$sift({'a': 1, 'b': 2}, function($v){$v > 1})", "{b:2}"),
        ("$sift({'a': 1}, function($v){$v > 1})", "absent"),
        ("$sift({'a': $in.unknown}, function($v){true})", "*"),
    ]);
}

#[test]
fn what_only_the_run_knows() {
    check_all(&[
        ("$random()", "*"),
        ("$uuid()", "*"),
        ("$now()", "*"),
        ("$millis()", "*"),
        ("$shuffle([1, 2])", "*"),
        ("$eval('1')", "*"),
        ("$match('a', /a/)", "*"),
        ("$formatNumber(1, '0')", "*"),
        ("$fromMillis(0)", "*"),
    ]);
}
