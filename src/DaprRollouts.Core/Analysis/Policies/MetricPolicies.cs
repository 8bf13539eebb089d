using System.Text.Json.Nodes;
using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Model;
using YamlDotNet.Core;

namespace DaprRollouts.Core.Analysis.Policies;

/// <summary>The policies of metrics by their names, as an annotation has them; <c>*</c> is for all that are not named.</summary>
public sealed class MetricPolicies
{
    private const string All = "*";

    private readonly Dictionary<string, MetricPolicy> _policies;

    private MetricPolicies(Dictionary<string, MetricPolicy> policies) => _policies = policies;

    public static MetricPolicies None { get; } = new([]);

    /// <summary>The metrics that are named.</summary>
    public IEnumerable<string> Names => _policies.Keys.Where(n => n != All);

    /// <summary>What the annotations of a template or a run say.</summary>
    /// <exception cref="InvalidAnalysisException">It cannot be read.</exception>
    public static MetricPolicies Of(IEnumerable<KeyValuePair<string, string>>? annotations) =>
        Text(annotations) is not { } text ? None : new(Members(text).ToDictionary(m => m.Key, m => PolicyReader.Read(m.Key, m.Value)));

    /// <summary>The annotation that says what several say; of one metric, the first counts. Null if none says anything.</summary>
    /// <exception cref="InvalidAnalysisException">One cannot be read.</exception>
    public static string? Merge(IEnumerable<IEnumerable<KeyValuePair<string, string>>?> annotations)
    {
        var merged = new JsonObject();
        foreach (var (name, policy) in annotations.Select(Text).OfType<string>().SelectMany(Members))
        {
            merged.TryAdd(name, policy?.DeepClone());
        }

        return merged.Count == 0 ? null : merged.ToJsonString(ModelJson.Options);
    }

    /// <summary>The policy of a metric, by the name that it has once its placeholders are filled, or by the one that is written.</summary>
    public MetricPolicy Of(string name, string written) =>
        _policies.TryGetValue(name, out var policy) || _policies.TryGetValue(written, out policy) || _policies.TryGetValue(All, out policy) ? policy : MetricPolicy.None;

    private static string? Text(IEnumerable<KeyValuePair<string, string>>? annotations) =>
        (annotations ?? []).FirstOrDefault(a => a.Key == OwnNames.Metrics).Value is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    private static JsonObject Members(string text)
    {
        try
        {
            var documents = YamlText.Documents(new StringReader(text));
            return documents.Count == 1 && YamlJson.Of(documents[0].RootNode) is JsonObject members
                ? members
                : throw PolicyReader.Invalid("must be a map from names of metrics to what applies to them");
        }
        catch (YamlException e)
        {
            throw PolicyReader.Invalid($"{e.Start.Line}:{e.Start.Column}: {e.InnerException?.Message ?? e.Message}");
        }
    }
}
