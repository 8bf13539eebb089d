using System.Globalization;
using System.Text;
using DaprRollouts.Core.Analysis.Explaining;

namespace DaprRollouts.Cli.Output;

/// <summary>Explanations of analyses as text.</summary>
internal static class ExplanationText
{
    private const int LongestValue = 40;

    public static string Of(string name, RunExplanation run)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"analysisrun {name}: {run.Phase}");
        Line(text, 1, run.Message);
        Line(text, 1, run.Why);
        Line(text, 1, Times(run));
        Line(text, 1, run.JudgedAgain is null ? null
            : run.JudgedAgain == run.Phase ? "judged again from what is stored: the same"
            : $"judged again from what is stored: {run.JudgedAgain}");
        foreach (var metric in run.Metrics)
        {
            text.AppendLine();
            Metric(text, metric);
        }

        return text.ToString();
    }

    private static void Metric(StringBuilder text, MetricExplanation metric)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"metric {metric.Name} ({metric.Provider}): {metric.Phase}");
        Line(text, 1, metric.Why);
        Line(text, 1, metric.SuccessCondition is { } success ? $"successCondition: {OneLine(success)}" : null);
        Line(text, 1, metric.FailureCondition is { } failure ? $"failureCondition: {OneLine(failure)}" : null);
        metric.Rules.ToList().ForEach(rule => Line(text, 1, rule));
        metric.Counts.ToList().ForEach(count => Line(text, 1, count));
        Line(text, 1, metric.Dropped > 0 ? $"measurements 1 to {metric.Dropped} are no longer kept" : null);
        var width = metric.Measurements.Select(m => Value(m).Length).DefaultIfEmpty().Max();
        foreach (var measurement in metric.Measurements)
        {
            var head = string.Create(CultureInfo.InvariantCulture, $"{measurement.Number,5}  {measurement.At:HH:mm:ss}  {Value(measurement).PadRight(width)}  {measurement.Phase,-12}");
            var reasons = measurement.Reasons.SelectMany(r => r.Split('\n')).ToList();
            text.AppendLine($"{head}  {reasons.FirstOrDefault()}".TrimEnd());
            reasons.Skip(1).ToList().ForEach(reason => text.AppendLine($"{new string(' ', head.Length + 2)}{reason}"));
        }
    }

    private static string? Times(RunExplanation run) =>
        run.StartedAt is not { } start ? null
        : run.CompletedAt is { } end ? string.Create(CultureInfo.InvariantCulture, $"from {start:yyyy-MM-dd HH:mm:ss} to {end:HH:mm:ss} UTC")
        : string.Create(CultureInfo.InvariantCulture, $"since {start:yyyy-MM-dd HH:mm:ss} UTC");

    private static string Value(MeasurementExplanation measurement) =>
        OneLine(measurement.Value ?? "-") is var value && value.Length > LongestValue ? value[..LongestValue] + "..." : value;

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private static void Line(StringBuilder text, int depth, string? line)
    {
        if (!string.IsNullOrEmpty(line))
        {
            text.Append(' ', depth * 2).AppendLine(line);
        }
    }
}
