using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Analysis.Comparison;
using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Validation;

namespace DaprRollouts.Core.Analysis.Policies;

/// <summary>Reads the policy of one metric.</summary>
internal static class PolicyReader
{
    private static readonly string[] Fields = ["onNoData", "minSamples", "compare"];
    private static readonly string[] Comparison = ["method", "canary", "baseline", "worse", "falseAlarmRate"];

    private static readonly Dictionary<string, string> Phases = new()
    {
        ["inconclusive"] = AnalysisPhase.Inconclusive,
        ["failed"] = AnalysisPhase.Failed,
        ["successful"] = AnalysisPhase.Successful,
        ["error"] = AnalysisPhase.Error,
    };

    private static readonly Dictionary<string, ComparisonMethod> Methods = new()
    {
        ["mannWhitney"] = ComparisonMethod.MannWhitney,
        ["sequential"] = ComparisonMethod.Sequential,
    };

    private static readonly Dictionary<string, bool> Directions = new() { ["higher"] = true, ["lower"] = false };

    public static InvalidAnalysisException Invalid(string problem) => new($"annotation {OwnNames.Metrics}: {problem}");

    public static MetricPolicy Read(string metric, JsonNode? policy)
    {
        var members = Members(metric, policy, Fields);
        return new MetricPolicy
        {
            OnNoData = members["onNoData"] is { } phase ? Choice($"{metric}.onNoData", phase, Phases) : null,
            MinSamples = members["minSamples"] is { } least ? Whole($"{metric}.minSamples", least) : 0,
            Compare = members["compare"] is { } compare ? Compare($"{metric}.compare", compare) : null,
        };
    }

    private static ComparisonPolicy Compare(string path, JsonNode node)
    {
        var members = Members(path, node, Comparison);
        return new ComparisonPolicy
        {
            Method = Choice($"{path}.method", members["method"] ?? throw Invalid($"{path}.method is missing: there are {string.Join(", ", Methods.Keys)}"), Methods),
            Canary = members["canary"]?.ToString() ?? ComparisonPolicy.FirstValue,
            Baseline = members["baseline"]?.ToString() ?? ComparisonPolicy.SecondValue,
            HigherIsWorse = members["worse"] is not { } worse || Choice($"{path}.worse", worse, Directions),
            FalseAlarmRate = members["falseAlarmRate"] is { } rate ? Rate($"{path}.falseAlarmRate", rate) : ComparisonPolicy.DefaultRate,
        };
    }

    private static JsonObject Members(string path, JsonNode? node, string[] known)
    {
        var members = node as JsonObject ?? throw Invalid($"{path} must be a map with {string.Join(", ", known)}");
        return members.FirstOrDefault(m => !known.Contains(m.Key)).Key is { } unknown
            ? throw Invalid($"{path} has no field {unknown}{DidYouMean.Hint(unknown, known)}")
            : members;
    }

    private static T Choice<T>(string path, JsonNode value, Dictionary<string, T> choices) => choices.TryGetValue(value.ToString(), out var choice)
        ? choice
        : throw Invalid($"{path} \"{value}\" is not known{DidYouMean.Hint(value.ToString(), choices.Keys)}");

    private static int Whole(string path, JsonNode value) =>
        int.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Invalid($"{path} \"{value}\" is not a whole number");

    private static double Rate(string path, JsonNode value) =>
        value.GetValueKind() == JsonValueKind.Number && value.Deserialize<double>() is > 0 and < 1 and var rate
            ? rate
            : throw Invalid($"{path} \"{value}\" must lie between 0 and 1, such as 0.05");
}
