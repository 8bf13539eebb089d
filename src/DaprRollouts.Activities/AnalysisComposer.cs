using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Analysis.Policies;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;

namespace DaprRollouts.Activities;

/// <summary>Makes AnalysisRuns of the templates that the cluster has.</summary>
public sealed class AnalysisComposer(ClusterCache cluster)
{
    /// <summary>The run that a Rollout wants in a role.</summary>
    public AnalysisRunDraft Compose(Facts facts, AnalysisRole role, int? step)
    {
        var order = new AnalysisOrder
        {
            Analysis = role.Spec(facts)!,
            Rollout = new RolloutSource(Manifest(facts.Rollout), facts.Hash, facts.StableHash),
            Revision = facts.Revision,
            Role = role.Kind,
            StepIndex = step,
            SelectorLabels = facts.Spec.Selector?.MatchLabels,
        };
        var draft = AnalysisRunFactory.ForRollout(order, Lookup(facts.Rollout.Namespace));
        return Policies(order.Analysis, facts.Rollout.Namespace) is { } policies
            ? draft with { Annotations = new Dictionary<string, string>(draft.Annotations) { [OwnNames.Metrics] = policies } }
            : draft;
    }

    /// <summary>The run that somebody wants of a template, for no Rollout.</summary>
    public AnalysisRunDraft Compose(string ns, AnalysisTemplateRef template, IReadOnlyList<AnalysisArgument> arguments) => new()
    {
        Labels = new Dictionary<string, string>(),
        Annotations = Policies(new RolloutAnalysis { Templates = [template] }, ns) is { } policies
            ? new Dictionary<string, string> { [OwnNames.Metrics] = policies }
            : new Dictionary<string, string>(),
        Spec = AnalysisRunFactory.Spec([template], Lookup(ns), arguments),
    };

    // What the Rollout says comes before what the templates say.
    private string? Policies(RolloutAnalysis analysis, string ns) => MetricPolicies.Merge(
        [analysis.AnalysisRunMetadata?.Annotations, .. TemplateSet.References(analysis.Templates, Lookup(ns)).Select(r => Annotations(r, ns))]);

    private IEnumerable<KeyValuePair<string, string>>? Annotations(AnalysisTemplateRef reference, string ns) => Template(reference, ns)?.Metadata.Annotations;

    /// <summary>What is wrong with a Rollout's analyses, or null.</summary>
    public string? Error(RolloutView rollout) => HasAnalysis(rollout.Spec)
        ? RolloutAnalysisValidation.FirstError(Manifest(rollout), rollout.Spec, Lookup(rollout.Namespace)) ?? Unreadable(rollout)
        : null;

    // What was left out of a template is not measured without.
    private string? Unreadable(RolloutView rollout) => RolloutAnalysisValidation.All(rollout.Spec.Strategy)
        .SelectMany(a => TemplateSet.References(a.Templates, Lookup(rollout.Namespace)))
        .Select(r => Template(r, rollout.Namespace)!)
        .Where(t => t.UnreadableSpec is not null)
        .Select(t => $"{t.Kind} {t.Metadata.Name}: {t.UnreadableSpec}")
        .FirstOrDefault();

    private TemplateLookup Lookup(string ns) => reference => Template(reference, ns) switch
    {
        AnalysisTemplate template => template.Spec,
        ClusterAnalysisTemplate template => template.Spec,
        _ => null,
    };

    private ClusterObject? Template(AnalysisTemplateRef reference, string ns) => reference.ClusterScope == true
        ? cluster.ClusterAnalysisTemplates.Get(null, reference.TemplateName ?? "")
        : cluster.AnalysisTemplates.Get(ns, reference.TemplateName ?? "");

    private static bool HasAnalysis(RolloutSpec spec) =>
        spec.Strategy?.Canary is { } canary && (canary.Analysis is not null || canary.Steps?.Any(s => s.Analysis is not null) == true)
        || spec.Strategy?.BlueGreen is { PrePromotionAnalysis: not null } or { PostPromotionAnalysis: not null };

    private System.Text.Json.Nodes.JsonObject Manifest(RolloutView rollout) =>
        ModelJson.ToNode(cluster.Rollouts.Get(rollout.Namespace, rollout.Name) ?? new Rollout());
}
