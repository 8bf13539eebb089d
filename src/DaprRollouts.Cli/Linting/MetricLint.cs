using System.Text.RegularExpressions;
using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Analysis.Policies;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Cli.Linting;

/// <summary>Looks at a metric: whether it can be measured, and whether its conditions say what they seem to.</summary>
internal sealed partial class MetricLint(ManifestDocument document, Metric metric, string path, MetricPolicy policy, DateTimeOffset now)
{
    private static readonly string[] WithoutConditions = ["job", "kayenta"];

    private readonly string _provider = MetricProviders.Of(metric.Provider).FirstOrDefault() ?? "";

    public IEnumerable<LintFinding> Check() =>
    [
        .. MetricValidation.FirstError([metric]) is { } error ? [document.Finding(path, error.Replace("metrics[0]: ", "", StringComparison.Ordinal))] : Array.Empty<LintFinding>(),
        .. Condition("successCondition", metric.SuccessCondition),
        .. Condition("failureCondition", metric.FailureCondition),
        .. Missing(),
        .. metric.Provider?.Prometheus is { } prometheus ? Prometheus(prometheus) : [],
    ];

    private IEnumerable<LintFinding> Condition(string field, string? condition)
    {
        if (string.IsNullOrEmpty(condition))
        {
            yield break;
        }

        var at = ManifestDocument.Member(path, field);
        if (WithoutConditions.Contains(_provider))
        {
            yield return document.Finding(at, $"a {_provider} decides by itself: this condition is never looked at", isWarning: true);
            yield break;
        }

        List<string> problems = [];
        foreach (var type in ResultTypes.Of(metric.Provider))
        {
            try
            {
                var outcome = Expression.Condition(condition, type).Type;
                if (!outcome.MayBe(ValueKind.Bool))
                {
                    problems.Add($"must be true or false, but is {outcome}");
                    continue;
                }

                yield break;
            }
            catch (ExpressionException e)
            {
                problems.Add(e.Message);
            }
        }

        yield return document.Finding(at, problems[0] + (ResultTypes.Of(metric.Provider)[0].Is(ValueKind.List) ? "\nresult is a list here, also of one value: result[0] is the first" : ""));
    }

    private IEnumerable<LintFinding> Missing()
    {
        if (_provider.Length == 0 || WithoutConditions.Contains(_provider))
        {
            yield break;
        }

        if (string.IsNullOrEmpty(metric.SuccessCondition) && string.IsNullOrEmpty(metric.FailureCondition))
        {
            if (policy.Compare is null)
            {
                yield return document.Finding(path, "has no condition: whatever it measures counts as a success", isWarning: true);
            }

            yield break;
        }

        if (policy.OnNoData is not null)
        {
            yield break;
        }

        var passing = ResultTypes.WithoutData(metric.Provider).Where(r => Conditions.Judge(metric, r.Result, now).Phase == AnalysisPhase.Successful).Select(r => r.Name).ToList();
        if (passing.Count > 0)
        {
            var field = string.IsNullOrEmpty(metric.SuccessCondition) ? "failureCondition" : "successCondition";
            yield return document.Finding(
                ManifestDocument.Member(path, field),
                $"passes when there is no data ({string.Join(", ", passing)}): say what that means with onNoData in the annotation {OwnNames.Metrics}", isWarning: true);
        }
    }

    private IEnumerable<LintFinding> Prometheus(PrometheusMetric prometheus)
    {
        var at = $"{path}.provider.prometheus";
        if (prometheus.Address is { Length: > 0 } address && !address.Contains("{{", StringComparison.Ordinal))
        {
            if (PortAfterDot().Match(address) is { Success: true } match)
            {
                yield return document.Finding($"{at}.address", $"\"{address}\" has a dot before the port: did you mean \"{address[..match.Groups[1].Index]}:{match.Groups[2].Value}{address[(match.Index + match.Length)..]}\"?");
            }
            else if (!Uri.TryCreate(address, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
            {
                yield return document.Finding($"{at}.address", $"\"{address}\" is not an address: it needs a scheme and a host, such as http://prometheus.example:9090");
            }
        }

        if (string.IsNullOrWhiteSpace(prometheus.Query))
        {
            yield return document.Finding($"{at}.query", "there is no query");
        }
        else if (QueryBrackets.Problem(prometheus.Query) is { } problem)
        {
            yield return document.Finding($"{at}.query", problem);
        }

        foreach (var (field, expression) in prometheus.RangeQuery is { } range ? [("start", range.Start), ("end", range.End)] : Array.Empty<(string, string?)>())
        {
            if (Unreadable(expression) is { } mistake)
            {
                yield return document.Finding($"{at}.rangeQuery.{field}", mistake);
            }
        }
    }

    private static string? Unreadable(string? expression)
    {
        try
        {
            return Expression.Free(expression ?? "").Type is var type && type.MayBe(ValueKind.Time) ? null : $"must be a time, but is {type}";
        }
        catch (ExpressionException e)
        {
            return e.Message;
        }
    }

    // The last label of a host is never a number, unless all are.
    [GeneratedRegex(@"^https?://[^/:]*[A-Za-z][^/:]*(\.)([0-9]{2,5})(?=/|$)")]
    private static partial Regex PortAfterDot();
}
