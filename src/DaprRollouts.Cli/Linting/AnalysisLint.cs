using System.Text.Json;
using System.Text.RegularExpressions;
using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Analysis.Policies;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Validation;
using k8s.Models;

namespace DaprRollouts.Cli.Linting;

/// <summary>Looks at templates and runs of analyses.</summary>
internal sealed partial class AnalysisLint(ManifestDocument document, DateTimeOffset now)
{
    /// <summary>The kinds that it knows.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["AnalysisRun", "AnalysisTemplate", "ClusterAnalysisTemplate"];

    public IEnumerable<LintFinding> Check()
    {
        AnalysisTemplateSpec spec;
        V1ObjectMeta metadata;
        try
        {
            spec = document.Json["spec"].Deserialize<AnalysisTemplateSpec>(ModelJson.Options) ?? new AnalysisTemplateSpec();
            metadata = document.Json["metadata"].Deserialize<V1ObjectMeta>(ModelJson.Options) ?? new V1ObjectMeta();
        }
        catch (JsonException)
        {
            return []; // of another type than the schema wants, which has been said already
        }

        return
        [
            .. Names(spec),
            .. Placeholders(spec),
            .. Policies(spec, metadata, out var policies),
            .. (spec.Metrics ?? []).SelectMany((m, i) => Filled(m, spec) is { } filled
                ? new MetricLint(document, filled, $"spec.metrics[{i}]", policies.Of(m.Name ?? "", m.Name ?? ""), now).Check()
                : []),
        ];
    }

    private IEnumerable<LintFinding> Names(AnalysisTemplateSpec spec)
    {
        if (spec.Metrics is null or { Count: 0 } && spec.Templates is null or { Count: 0 })
        {
            yield return document.Finding("spec.metrics", "there are no metrics: nothing would ever be measured");
        }

        HashSet<string?> names = [];
        for (var i = 0; i < (spec.Metrics?.Count ?? 0); i++)
        {
            if (!names.Add(spec.Metrics![i].Name))
            {
                yield return document.Finding($"spec.metrics[{i}].name", $"there is another metric {spec.Metrics[i].Name}");
            }
        }
    }

    private IEnumerable<LintFinding> Placeholders(AnalysisTemplateSpec spec)
    {
        string[] declared = [.. (spec.Args ?? []).Select(a => a.Name ?? "")];
        for (var i = 0; i < (spec.Metrics?.Count ?? 0); i++)
        {
            foreach (var tag in Tag().Matches(ModelJson.ToNode(spec.Metrics![i]).ToJsonString(ModelJson.Options)).Select(m => m.Groups[1].Value.Trim()).Distinct())
            {
                if (!tag.StartsWith("args.", StringComparison.Ordinal))
                {
                    yield return document.Finding($"spec.metrics[{i}]", $"the placeholder {{{{{tag}}}}} names no argument: write {{{{args.<name>}}}}");
                }
                else if (!declared.Contains(tag["args.".Length..]))
                {
                    yield return document.Finding(
                        $"spec.metrics[{i}]", $"the placeholder {{{{{tag}}}}} names an argument that spec.args does not declare{DidYouMean.Hint(tag["args.".Length..], declared)}",
                        isWarning: document.Kind != "AnalysisRun"); // of templates that are used together, another one may declare it
                }
            }
        }
    }

    private LintFinding[] Policies(AnalysisTemplateSpec spec, V1ObjectMeta metadata, out MetricPolicies policies)
    {
        policies = MetricPolicies.None;
        try
        {
            policies = MetricPolicies.Of(metadata.Annotations);
            PolicyValidation.Checked(metadata.Annotations, spec.Metrics ?? [], spec.Metrics ?? []);
            return [];
        }
        catch (InvalidAnalysisException e)
        {
            return [document.Finding($"metadata.annotations.{OwnNames.Metrics}", e.Message)];
        }
    }

    // Arguments without a value are given later: what stands for them is as good a number as a text.
    private static Metric? Filled(Metric metric, AnalysisTemplateSpec spec)
    {
        var text = Tag().Replace(ModelJson.ToNode(metric).ToJsonString(ModelJson.Options), match =>
            (spec.Args ?? []).FirstOrDefault(a => $"args.{a.Name}" == match.Groups[1].Value.Trim())?.Value is { } value
                ? JsonSerializer.Serialize(value, ModelJson.Options)[1..^1]
                : "1");
        try
        {
            var filled = JsonSerializer.Deserialize<Metric>(text, ModelJson.Options)!;
            return filled with
            {
                Interval = Given(metric.Interval, filled.Interval),
                InitialDelay = Given(metric.InitialDelay, filled.InitialDelay),
            };
        }
        catch (JsonException)
        {
            return null; // a placeholder without an end, or a value that breaks the text: both are said elsewhere
        }
    }

    private static string? Given(string? written, string? filled) =>
        written?.Contains("{{", StringComparison.Ordinal) == true && !GoDuration.TryParse(filled, out _) ? "1s" : filled;

    [GeneratedRegex(@"\{\{(.*?)\}\}")]
    private static partial Regex Tag();
}
