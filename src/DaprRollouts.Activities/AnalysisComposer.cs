using DaprRollouts.Core.Analysis.Composition;
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
        return AnalysisRunFactory.ForRollout(order, Lookup(facts.Rollout.Namespace));
    }

    /// <summary>What is wrong with a Rollout's analyses, or null.</summary>
    public string? Error(RolloutView rollout) =>
        HasAnalysis(rollout.Spec) ? RolloutAnalysisValidation.FirstError(Manifest(rollout), rollout.Spec, Lookup(rollout.Namespace)) : null;

    private TemplateLookup Lookup(string ns) => reference => reference.ClusterScope == true
        ? cluster.ClusterAnalysisTemplates.Get(null, reference.TemplateName ?? "")?.Spec
        : cluster.AnalysisTemplates.Get(ns, reference.TemplateName ?? "")?.Spec;

    private static bool HasAnalysis(RolloutSpec spec) =>
        spec.Strategy?.Canary is { } canary && (canary.Analysis is not null || canary.Steps?.Any(s => s.Analysis is not null) == true)
        || spec.Strategy?.BlueGreen is { PrePromotionAnalysis: not null } or { PostPromotionAnalysis: not null };

    private System.Text.Json.Nodes.JsonObject Manifest(RolloutView rollout) =>
        ModelJson.ToNode(cluster.Rollouts.Get(rollout.Namespace, rollout.Name) ?? new Rollout());
}
