using System.Text.Json;
using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Analysis;

/// <summary>Results, conditions and what they come to, as users of Argo Rollouts know them.</summary>
public class ConditionExamples
{
    private const string NoData = "metric result is nil or empty: no data returned from the metric provider";

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Result, successCondition, failureCondition, phase, and a part of the message.</summary>
    public static TheoryData<string, string, string?, string, string?> Examples => new()
    {
        { "[0.97]", "result[0] >= 0.95", null, "Successful", null },
        { "[]", "result[0] >= 0.95", null, "Error", NoData },
        { "[]", "len(result) == 0 || result[0] >= 0.95", null, "Successful", null },
        { "[]", "len(result) > 0 && result[0] >= 0.95", null, "Failed", null },
        { "[]", "isNil(result)", null, "Failed", null },
        { "[]", "default(result, 0) == 0", null, "Failed", null },
        { "[]", "max(result) < 1", null, "Error", NoData },
        { "[1,2,3]", "result[-1] == 3", null, "Successful", null },
        { "[1,2,3]", "result > 1", null, "Error", "mismatched types []float64 and int" },
        { "[1,2,3]", "2 in result", null, "Successful", null },
        { "[1,2,3]", "\"2\" in result", null, "Error", "cannot use string" },
        { "[1,2,3]", "count(result, # > 1) / len(result) >= 0.66", null, "Successful", null },
        { "[1,2,3]", "all(result, #)", null, "Error", "predicate should return boolean" },
        { "[1,2,3]", "isNaN(result)", null, "Error", "type []float64" },
        { "[NaN]", "result[0] >= 0.95", "result[0] < 0.95", "Inconclusive", null },
        { "[NaN]", "isNaN(result[0])", null, "Successful", null },
        { "[NaN,1]", "max(result) == 1", null, "Failed", null },
        { "[1,NaN]", "all(filter(result, !isNaN(#)), # <= 1)", null, "Successful", null },
        { "NaN", "result >= 0.95", null, "Failed", null },
        { "NaN", "", "result >= 0.95", "Successful", null },
        { "5.0", "result", null, "Error", "expected bool, but got float64" },
        { "5.0", "result == \"5\"", null, "Error", "mismatched types float64 and string" },
        { "5.0", "result % 2 == 1", null, "Error", "mismatched types" },
        { "5.0", "asInt(result) % 2 == 1", null, "Successful", null },
        { "5.0", "result / 0 > 1", null, "Successful", null },
        { "5.0", "1 < result < 10", null, "Successful", null },
        { "5.0", "not result > 10", null, "Error", "mismatched type float64" },
        { "5.0", "!(result > 10)", null, "Successful", null },
        { "5.0", "result ?? 0 < 10", null, "Error", "parentheses" },
        { "5.0", "result not in [1, 2]", null, "Successful", null },
        { "5.0", "result > 1; result < 3", null, "Failed", null },
        { "5.0", "results[0] > 1", null, "Error", "unknown name results" },
        { "5.0", "true or unknown", null, "Error", "unknown name unknown" },
        { "5.0", "result > 1", "result > 2", "Failed", null },
        { "5.0", "result > 10", "result > 20", "Inconclusive", null },
        { "5.0", "default(nil, 7) == 5", null, "Successful", null },
        { "5.0", "isNil(nil)", null, "Failed", null },
        { "null", "result < 0.05", null, "Error", NoData },
        { "null", "default(result, 0) < 0.05", null, "Successful", null },
        { "null", "isNil(result) || result < 0.05", null, "Error", NoData },
        { "null", "result != nil && result > 1", null, "Error", NoData },
        { "null", "(result ?? 0) < 0.05", null, "Successful", null },
        { "null", "result == 0", null, "Failed", null },
        { "null", "", "result > 1", "Error", NoData },
        { "\"1.1\"", "asFloat(result) >= 1.1", null, "Successful", null },
        { "\"1.1\"", "asInt(result) == 1", null, "Error", "is not an integer" },
        { "\" 5\"", "asInt(result) == 5", null, "Error", "is not an integer" },
        { "\" 5\"", "asInt(trim(result)) == 5", null, "Successful", null },
        { "\"true\"", "result == 'true'", null, "Successful", null },
        { "\"true\"", "result", null, "Error", "expected bool, but got string" },
        { "\"abc\"", "result matches \"^a.c$\" and result contains \"b\"", null, "Successful", null },
        { "{\"ok\":true,\"p\":0.95}", "result.ok && result.p >= 0.90", null, "Successful", null },
        { "{\"ok\":true,\"p\":0.95}", "result.missing > 1", null, "Error", "invalid operation: nil > int" },
        { "{\"ok\":true,\"p\":0.95}", "result.missing.deeper == nil", null, "Error", "cannot fetch deeper from nil" },
        { "{\"ok\":true,\"p\":0.95}", "result.missing?.deeper == nil", null, "Successful", null },
        { "{\"ok\":true,\"p\":0.95}", "(result.missing ?? 0) < 1", null, "Successful", null },
        { "{\"ok\":true,\"p\":0.95}", "result.ok == \"true\"", null, "Failed", null },
        { "{\"n\":\"5\"}", "result.n > 3", null, "Error", "invalid operation: string > int" },
        { "{\"n\":\"5\"}", "asInt(result.n) > 3", null, "Successful", null },
        { "{\"n\":\"5\"}", "result.n == 5", null, "Failed", null },
        { "{\"n\":1}", "result.n && true", null, "Error", "expected bool, but got float64" },
        { "{\"x\":null}", "isNil(result.x)", null, "Failed", null },
        { "{\"x\":null}", "default(result.x, 3) == 3", null, "Failed", null },
        { "{\"x\":null}", "!result.x", null, "Error", "expected bool, but got nil" },
        { "{\"my-key\":1}", "result['my-key'] == 1", null, "Successful", null },
        { "{\"my-key\":1}", "result.my-key == 1", null, "Error", "unknown name key" },
        { "json [1,null]", "all(result, # > 0)", null, "Error", "invalid operation: nil > int" },
        { "json [1,null]", "all(result, # == nil || # > 0)", null, "Successful", null },
        { "[{\"v\":\"9900\"},{\"v\":\"10\"}]", "all(result, {asFloat(.v) >= 10})", null, "Successful", null },
        { "{\"average.duration\":0.5}", "result['average.duration'] < 1", null, "Successful", null },
        { "{\"average.duration\":0.5}", "result.average.duration < 1", null, "Error", "cannot fetch duration from nil" },
        { "cloudWatch", "len(result[0].Values) >= 5 and all(result[0].Values, {# <= 0.01})", null, "Successful", null },
        { "cloudWatch", "len(result[0].values) >= 5", null, "Error", "there is no field values" },
        { "influx 10", "result[0] % 3 == 1", null, "Successful", null },
        { "influx nil", "result[0] <= 2", null, "Error", "invalid operation: nil <= int" },
        { "5.0", "asInt('x') == 1 && false", null, "Failed", null },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_result_means_what_its_conditions_say(string result, string success, string? failure, string phase, string? message)
    {
        var metric = new Metric { Name = "m", SuccessCondition = success, FailureCondition = failure };

        var outcome = Conditions.Judge(metric, Value(result), Now);

        Assert.Equal(phase, outcome.Phase);
        Assert.Contains(message ?? "", outcome.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Without_conditions_every_result_is_a_success() =>
        Assert.Equal("Successful", Conditions.Judge(new Metric(), null, Now).Phase);

    [Fact]
    public void A_condition_of_blanks_is_an_error() =>
        Assert.Equal("Error", Conditions.Judge(new Metric { SuccessCondition = "  " }, 1d, Now).Phase);

    [Fact]
    public void An_error_shows_the_condition_and_the_place()
    {
        var (_, message) = Conditions.Judge(new Metric { SuccessCondition = "results[0] > 1" }, 5d, Now);

        Assert.Equal("could not evaluate successCondition \"results[0] > 1\": unknown name results (1:1)\n | results[0] > 1\n | ^", message);
    }

    private static object? Value(string text) => text switch
    {
        "NaN" => double.NaN,
        "[NaN]" => TypedList.OfNumbers([double.NaN]),
        "[NaN,1]" => TypedList.OfNumbers([double.NaN, 1]),
        "[1,NaN]" => TypedList.OfNumbers([1, double.NaN]),
        "influx 10" => (object?[])[10L],
        "influx nil" => (object?[])[null],
        "cloudWatch" => CloudWatch(),
        _ when text.StartsWith("json ", StringComparison.Ordinal) => Json(text[5..]),
        _ when text.StartsWith('[') && !text.Contains('{') => TypedList.OfNumbers(JsonSerializer.Deserialize<double[]>(text)!),
        _ => Json(text),
    };

    private static object? Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return JsonValues.Of(document.RootElement);
    }

    private static TypedList CloudWatch() => new(
        new StaticType(ValueKind.Structure, Fields: new Dictionary<string, StaticType>
        {
            ["Id"] = StaticType.Unknown,
            ["Values"] = StaticType.ListOf(StaticType.Real),
        }),
        [new Dictionary<string, object?> { ["Id"] = "rate", ["Values"] = TypedList.OfNumbers([0.01, 0, 0.001, 0.01, 0.002]) }]);
}
