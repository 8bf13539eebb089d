using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Cli.Output;

/// <summary>What an AnalysisRun has measured, in one line.</summary>
internal static class Measured
{
    private const int LongestValue = 40;

    /// <summary>For each metric: how many measurements of how many, how they ended, and the newest value.</summary>
    public static string Of(AnalysisRun run) => string.Join("; ", (run.Spec?.Metrics ?? []).Select(metric =>
    {
        var result = run.Status?.MetricResults?.FirstOrDefault(r => r.Name == metric.Name);
        List<string> words = [metric.Count is { } count ? $"{result?.Ended ?? 0}/{count}" : $"{result?.Ended ?? 0}"];
        words.AddRange(result is { Successful: > 0 } ? [$"✔ {result.Successful}"] : []);
        words.AddRange(result is { Failed: > 0 } ? [$"✖ {result.Failed}"] : []);
        words.AddRange(result is { Inconclusive: > 0 } ? [$"? {result.Inconclusive}"] : []);
        words.AddRange(result is { Error: > 0 } ? [$"⚠ {result.Error}"] : []);
        words.AddRange(result?.Last?.Value is { Length: > 0 } value ? [$"last {Short(value)}"] : []);
        return $"{metric.Name} {string.Join(' ', words)}";
    }));

    private static string Short(string value) => value.Length > LongestValue ? value[..LongestValue] + "…" : value;
}
