using CsCheck;
using DaprRollouts.Core.Analysis.Expressions;

namespace DaprRollouts.Tests.Analysis;

/// <summary>No input may crash, hang or take memory without bound: an expression has a value or an <see cref="ExpressionException"/>.</summary>
public class ExpressionFuzz
{
    private static readonly string[] Words =
    [
        "result", "result[0]", "nil", "true", "false", "1", "2.5", "'a'", "[1, 2]", "{a: 1}", "#", ".v", "#acc", "len(", "all(", "reduce(", "map(", "sort(",
        "asInt(", "default(", "duration('1h')", "now()", "(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "%", "**", "??", "?.", "..", "==", "<", ">=",
        "in", "not", "and", "||", "matches", "contains", "|", ",", ";", ":", "?", "let x =", "if", "else", "x", "$env", "1..9", "\"", "`", "/*", "//", "\n",
        "repeat(", "groupBy(", "toJSON(", "date(", "9223372036854775807", "-1", "sum(", "string(", "sort(result)", "sortBy(result, .v)",
        "fromJSON(",
    ];

    private static readonly object?[] Results = [null, 5d, "text", true, TypedList.OfNumbers([1, 2]), new Dictionary<string, object?> { ["v"] = 1d }, (object?[])[1d, null]];

    [Fact]
    public void Words_in_any_order_are_evaluated_or_refused() =>
        Gen.Select(Gen.OneOf(Words).Array[0, 40].Select(words => string.Join(' ', words)), Gen.OneOf(Results)).Sample(
            (source, result) => IsEvaluatedOrRefused(source, result), iter: 20_000);

    [Fact]
    public void Characters_in_any_order_are_evaluated_or_refused() =>
        Gen.Select(Gen.String[Gen.Char[(char)0, (char)0x2ff], 0, 60], Gen.OneOf(Results)).Sample(IsEvaluatedOrRefused, iter: 20_000);

    [Fact]
    public void Repetitions_are_evaluated_or_refused() =>
        Gen.Select(Gen.OneOf(Words), Gen.Int[1, 3000]).Sample(
            (word, count) => IsEvaluatedOrRefused(string.Concat(Enumerable.Repeat(word + " ", count)), 5d), iter: 500);

    private static bool IsEvaluatedOrRefused(string source, object? result)
    {
        try
        {
            Expression.Condition(source, StaticType.Of(result)).Evaluate(result, DateTimeOffset.UnixEpoch);
        }
        catch (ExpressionException)
        {
            // refused, which is as good
        }

        return true;
    }
}
