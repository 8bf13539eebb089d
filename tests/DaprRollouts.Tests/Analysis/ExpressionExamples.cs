using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Analysis;

/// <summary>The dialect itself: literals, precedence, functions, times.</summary>
public class ExpressionExamples
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Theory]
    [InlineData("0x2A + 0b101 + 0o17 + 1_000", "1062")]
    [InlineData("5 / 2", "2.5")]
    [InlineData("7 % 3 + 2 * 3", "7")]
    [InlineData("-2 ** 2", "-4")]
    [InlineData("2 ** 3 ** 2", "512")]
    [InlineData(".5 + 1e3", "1000.5")]
    [InlineData("1..4", "[1 2 3 4]")]
    [InlineData("'a\\tb' + \"\\u00e9\" + `raw\\n`", "a\tbéraw\\n")]
    [InlineData("{a: 1, \"b c\": [true, nil]}", "map[a:1 b c:[true <nil>]]")]
    [InlineData("let x = 2; let y = x * 3; y + 1", "7")]
    [InlineData("if 1 > 2 { 'a' } else if 2 > 1 { 'b' } else { 'c' }", "b")]
    [InlineData("true ? 1 : 2", "1")]
    [InlineData("false ?: 'x'", "x")]
    [InlineData("10 > 1 ?? 0", "true")]
    [InlineData("5 | string() == \"5\"", "true")]
    [InlineData("[3, 1, 2] | sort() | last()", "3")]
    [InlineData("1 < 2 < 3 and not (1 > 2)", "true")]
    [InlineData("'abc' not contains 'z'", "true")]
    [InlineData("// a comment\n1 + /* another */ 1", "2")]
    [InlineData("[1, 2, 3][-2:]", "[2 3]")]
    [InlineData("'hello'[1:3]", "el")]
    [InlineData("{a: {b: 1}}.a.b", "1")]
    [InlineData("{a: nil}.a?.b.c", "<nil>")]
    [InlineData("[{a: nil}.a?.[0], {a: nil}.a?.b?.[1], ({}.x?.y ?? [7])[0]]", "[<nil> <nil> 7]")]
    [InlineData("[{}.x contains 'a', 'a' startsWith {}.x, {}.x endsWith {}.y, {}.x matches 'a', {}.x not contains 'a']", "[false false false false true]")]
    [InlineData("[first({}.x), last({}.x), max({}.x), min({x: 'b'}.x), +{x: 'a'}.x]", "[<nil> <nil> <nil> b a]")]
    public void Expressions_have_values(string source, string value) => Assert.Equal(value, Evaluate(source));

    [Theory]
    [InlineData("all([], # > 1) and none([], # > 1) and not any([], # > 1) and not one([], # > 1)", "true")]
    [InlineData("count([true, false, true])", "2")]
    [InlineData("[sum([]), mean([]), median([])]", "[0 0 0]")]
    [InlineData("[max([]), min([]), first([]), last([]), get([1], 9), get({a: 1}, 'x'), find([1], # > 1)]", "[<nil> <nil> <nil> <nil> <nil> <nil> <nil>]")]
    [InlineData("reduce([1, 2, 3], #acc + #)", "6")]
    [InlineData("reduce([1, 2, 3], #acc + # * #index, 10)", "18")]
    [InlineData("map([1, 2], {# * 2})", "[2 4]")]
    [InlineData("map([5, 6], #index)", "[0 1]")]
    [InlineData("filter(1..6, # % 2 == 0)", "[2 4 6]")]
    [InlineData("findIndex([1, 2, 3], # > 1) + findLastIndex([1, 2, 3], # > 1)", "3")]
    [InlineData("groupBy([1, 2, 3], # % 2 == 0 ? 'even' : 'odd').odd", "[1 3]")]
    [InlineData("sortBy([{v: 2}, {v: 1}], .v)[0].v", "1")]
    [InlineData("sum([{v: 2}, {v: 1}], .v)", "3")]
    [InlineData("[sum([1, 2]) % 2, sum([1, 2.5])]", "[1 3.5]")]
    [InlineData("int('5') + int(5.9)", "10")]
    [InlineData("[round(2.5), ceil(1.1), floor(-1.1), abs(-3)]", "[3 2 -2 3]")]
    [InlineData("string(5.0) + string(1000000.0) + string(0.00001)", "51e+061e-05")]
    [InlineData("[len('é日'), type(5.0), type(nil), type([])]", "[2 float nil array]")]
    [InlineData("[keys({b: 1, a: 2}), values({b: 1, a: 2})]", "[[a b] [2 1]]")]
    [InlineData("uniq(concat([1, 2], [2, 3]))", "[1 2 3]")]
    [InlineData("flatten([1, [2, [3]]])", "[1 2 3]")]
    [InlineData("split('a,b,c', ',', 2)", "[a b,c]")]
    [InlineData("join(splitAfter('a,b', ','), '|')", "a,|b")]
    [InlineData("replace('aaa', 'a', 'b', 2) + repeat('x', 3) + upper('y') + trimPrefix('foobar', 'foo')", "bbaxxxYbar")]
    [InlineData("indexOf('hello', 'l') + lastIndexOf('hello', 'l')", "5")]
    [InlineData("fromJSON('{\"a\": [1, 2]}').a[1]", "2")]
    [InlineData("fromBase64(toBase64('hi'))", "hi")]
    [InlineData("fromPairs(toPairs({a: 1})).a", "1")]
    [InlineData("[bitand(6, 3), bitor(6, 3), bitxor(6, 3), bitshl(1, 4), bitshr(16, 2), bitnot(0)]", "[2 7 5 16 4 -1]")]
    [InlineData("[abs(-3) % 2, type(abs(-3)), abs(-2.5)]", "[1 int 2.5]")]
    [InlineData("[{}.b in {a: 1}, {}.b not in {a: 1}, {}.b in {'': 1}]", "[false true true]")]
    [InlineData("[replace('ab', '', '-'), replace('äb', '', '-', 2), replace('', '', '-'), replace('ab', '', '')]", "[-a-b- -ä-b - ab]")]
    [InlineData("[len(split('', '')), split('a😀b', ''), trim(' a ', '')]", "[0 [a 😀 b]  a ]")]
    [InlineData("[float('1_000.5'), '\\101\\?']", "[1000.5 A?]")]
    [InlineData("toJSON({b: ['é😀', 'say \"<a>\"', []], a: {c: {}}, d: 1e100})", """
        {
          "a": {
            "c": {}
          },
          "b": [
            "é😀",
            "say \"\u003ca\u003e\"",
            []
          ],
          "d": 1e+100
        }
        """)]
    public void Functions_do_what_their_names_say(string source, string value) => Assert.Equal(value, Evaluate(source));

    [Theory]
    [InlineData("now() - duration('5m')", "2026-03-04T05:01:07Z")]
    [InlineData("date('2023-08-14 00:00:00', '2006-01-02 15:04:05', 'UTC') - duration('1h')", "2023-08-13T23:00:00Z")]
    [InlineData("date('2023-08-14')", "2023-08-14T00:00:00Z")]
    [InlineData("date('2023-08-14T10:00:00.5+02:00').UTC()", "2023-08-14T08:00:00Z")]
    public void Times_can_be_made_and_moved(string source, string time) =>
        Assert.Equal(time, ModelJson.Time((DateTimeOffset)Expression.Free(source).Evaluate(null, Now)!));

    [Theory]
    [InlineData("duration('1h30m').Minutes()", "90")]
    [InlineData("(now() - date('2026-03-04')).Hours() > 5", "true")]
    [InlineData("now().Format('Jan 2, 2006 at 3:04PM')", "Mar 4, 2026 at 5:06AM")]
    [InlineData("string(duration('90s'))", "1m30s")]
    [InlineData("[now().Weekday().String(), string(now().Month()), int(now().Weekday()), type(now().Month())]", "[Wednesday March 3 time.Month]")]
    [InlineData("[now().AddDate(0, 0, -4).Day(), date('2026-01-31').AddDate(0, 1, 0).Format('01-02'), now().IsZero()]", "[28 03-03 false]")]
    [InlineData("[now().UnixNano(), now().UnixMicro()]", "[1772600767000000000 1772600767000000]")]
    [InlineData("[now().Round(duration('1h')).Hour(), now().Truncate(duration('24h')) == date('2026-03-04')]", "[5 true]")]
    [InlineData("[duration('90s').Round(duration('1m')), duration('-90s').Truncate(duration('1m')), duration('1s').Round(duration('0s'))]", "[2m0s -1m0s 1s]")]
    [InlineData("toJSON(now() - date('0001-01-01'))", "9223372036854775807")]
    [InlineData("[timezone('') == timezone('UTC'), timezone('Europe/Berlin'), toJSON([now(), timezone('UTC'), now().Month()])]", "[true Europe/Berlin [\n  \"2026-03-04T05:06:07Z\",\n  {},\n  3\n]]")]
    public void Times_have_methods(string source, string value) => Assert.Equal(value, Evaluate(source));

    [Theory]
    [InlineData("1 +", "unexpected the end", 3)]
    [InlineData("1 & 2", "unexpected \"&\"", 2)]
    [InlineData("a === 1", "unexpected operator \"=\"", 4)]
    [InlineData("1 <> 2", "unexpected operator \">\"", 3)]
    [InlineData("(1", "expected )", 2)]
    [InlineData("null == 1", "unknown name null", 0)]
    [InlineData("True", "unknown name True", 0)]
    [InlineData("'abc", "not closed", 0)]
    [InlineData("1 /* + 1", "unexpected", 3)]
    [InlineData("foo(1)", "unknown name foo", 0)]
    [InlineData("false && foo(1)", "unknown name foo", 9)]
    [InlineData("len(5)", "invalid argument for len (type int)", 4)]
    [InlineData("len()", "not enough arguments", 0)]
    [InlineData("'a' matches '['", "Invalid pattern", 12)]
    [InlineData("5.5.x", "has no field x", 4)]
    [InlineData("asInt('1')", "unknown name asInt", 0)]
    [InlineData("#", "unexpected operator \"#\"", 0)]
    [InlineData("99999999999999999999", "integer literal is too large", 0)]
    [InlineData("all([1], # > 1; true)", "braces", 14)]
    [InlineData("1 ? 2 : 3", "used as condition", 0)]
    [InlineData("let now = 1; now", "cannot redeclare", 0)]
    [InlineData("all([1], #index == 0)", "unknown pointer #index", 9)]
    [InlineData("map([1], #acc)", "unknown pointer #acc", 9)]
    [InlineData("1 in nil", "mismatched types", 2)]
    public void Mistakes_are_named_with_their_place(string source, string problem, int position)
    {
        var error = Assert.Throws<ExpressionException>(() => Expression.Free(source));

        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
        Assert.Equal(position, error.Position);
    }

    [Theory]
    [InlineData("{}.x?.y[0]")]
    [InlineData("{}.x?.y.z[1:]")]
    public void What_optional_members_come_to_is_not_optional_itself(string source) =>
        Assert.Throws<ExpressionException>(() => Expression.Free(source).Evaluate(null, Now));

    [Theory]
    [InlineData("sort([1, nil])", "cannot order int and nil")]
    [InlineData("sort(['b', 1, 'a'])", "cannot order string and int")]
    [InlineData("sortBy([{v: 1}, {}], .v)", "cannot order int and nil")]
    [InlineData("sortBy([1, 2], # > 1, 'desc')", "cannot order bool and bool")]
    [InlineData("fromJSON('{\"a\": \"\\\\ud800\"}')", "invalid JSON")]
    [InlineData("fromJSON('\"' + '😀'[0:1] + '\"')", "invalid JSON")]
    public void Values_that_do_not_fit_are_an_error(string source, string problem) => Assert.Contains(
        problem, Assert.Throws<ExpressionException>(() => Expression.Free(source).Evaluate(null, Now)).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("1..10000000")]
    [InlineData("repeat('x', 100000000)")]
    [InlineData("count(1..2000, {count(1..2000, # > 1) > 1})")]
    [InlineData("reduce(1..100000, #acc + repeat('x', 100), '')")]
    [InlineData("sum(1..1000, sum(1..1000, sum(1..1000, #)))")]
    public void Costly_evaluations_are_cut_short(string source) =>
        Assert.Throws<ExpressionException>(() => Expression.Free(source).Evaluate(null, Now));

    [Fact]
    public void Deep_nesting_is_refused()
    {
        Assert.Contains("nested", Assert.Throws<ExpressionException>(() => Expression.Free(new string('(', 5000))).Message, StringComparison.Ordinal);
        Assert.Contains("nested", Assert.Throws<ExpressionException>(() => Expression.Free(string.Join('+', Enumerable.Repeat("1", 2000)))).Message, StringComparison.Ordinal);
        Assert.Contains("characters", Assert.Throws<ExpressionException>(() => Expression.Free(new string(' ', 20_000))).Message, StringComparison.Ordinal);
    }

    private static string Evaluate(string source) => GoFormat.Default(Expression.Free(source).Evaluate(null, Now));
}
