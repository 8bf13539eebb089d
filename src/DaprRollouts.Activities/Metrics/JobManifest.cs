using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>The Job of a measurement.</summary>
internal static class JobManifest
{
    public const string RunUid = "analysisrun.argoproj.io/uid";
    public const string RunName = "analysisrun.argoproj.io/name";
    public const string RunNamespace = "analysisrun.argoproj.io/namespace";
    public const string MetricName = "analysisrun.argoproj.io/metric-name";

    private const int MaxNameLength = 63;

    /// <summary>
    /// Names for the next Job of a metric, the same for the same measurement, so that a second attempt finds the first one's Job. The second is for where the first is
    /// that of another metric: names are cut, and made such as can be labels.
    /// </summary>
    public static IReadOnlyList<string> NamesOf(MetricOwner run, string metric, int measurement)
    {
        var suffix = $".{measurement}";
        var room = MaxNameLength - run.Uid.Length - 1 - suffix.Length;
        var mark = $"-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(metric)))[..8]}";
        return [$"{run.Uid}.{Label(metric, room)}{suffix}", $"{run.Uid}.{Label(metric, room - mark.Length)}{mark}{suffix}"];
    }

    public static JsonObject Build(MetricRequest request, JobMetric job, string name, string ns, bool owned)
    {
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = ns,
            ["labels"] = Texts(job.Metadata?.Labels, [KeyValuePair.Create(RunUid, request.Run.Uid)]),
            ["annotations"] = Texts(job.Metadata?.Annotations,
            [
                KeyValuePair.Create(RunName, request.Run.Name), KeyValuePair.Create(RunNamespace, request.Run.Namespace),
                KeyValuePair.Create(MetricName, request.Metric.Name ?? ""),
            ]),
        };
        if (owned)
        {
            metadata["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "argoproj.io/v1alpha1",
                ["kind"] = "AnalysisRun",
                ["name"] = request.Run.Name,
                ["uid"] = request.Run.Uid,
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            });
        }

        var spec = (JsonObject)job.Spec!.DeepClone();
        var template = Member(spec, "template");
        Member(Member(template, "metadata"), "labels")[RunUid] = request.Run.Uid;
        return new JsonObject { ["apiVersion"] = "batch/v1", ["kind"] = "Job", ["metadata"] = metadata, ["spec"] = spec };
    }

    private static string Label(string metric, int room)
    {
        var clean = new string([.. metric.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '-')]);
        var cut = (clean.Length > room ? clean[..room] : clean).Trim('-', '.').Replace("..", ".").Replace(".-", ".").Replace("-.", ".");
        return cut.Length == 0 ? "m" : cut;
    }

    private static JsonObject Member(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject member)
        {
            parent[name] = member = [];
        }

        return member;
    }

    private static JsonObject Texts(IReadOnlyDictionary<string, string>? given, IEnumerable<KeyValuePair<string, string>> own)
    {
        var texts = new JsonObject();
        foreach (var (key, value) in (given ?? new Dictionary<string, string>()).Concat(own))
        {
            texts[key] = value;
        }

        return texts;
    }
}
