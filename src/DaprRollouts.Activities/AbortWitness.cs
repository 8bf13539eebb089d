using System.Collections.Concurrent;
using DaprRollouts.Core.Revisions;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;

namespace DaprRollouts.Activities;

/// <summary>
/// Knows which pod template a Rollout had when an abort came into its status. The object does not say which of the two came first; who watches it knows, unless it was
/// away, or both came at once.
/// </summary>
public sealed class AbortWitness
{
    private readonly ConcurrentDictionary<string, string> _templates = new();

    /// <summary>Begins to watch.</summary>
    public AbortWitness(ResourceCache<Rollout> rollouts) => rollouts.Changed += OnChanged;

    /// <summary>Whether the abort in a Rollout's status was there before its pod template; false where that was not seen.</summary>
    public bool SawTemplateComeAfterAbort(Rollout rollout) => _templates.TryGetValue(rollout.Metadata.Uid, out var template) && template != TemplateOf(rollout);

    private void OnChanged(ResourceChange<Rollout> change)
    {
        var (before, after) = change;
        if (after?.Status?.Abort is not true)
        {
            _templates.TryRemove((after ?? before!).Metadata.Uid, out _);
        }
        else if (before is not null && before.Status?.Abort is not true && TemplateOf(before) == TemplateOf(after))
        {
            _templates[after.Metadata.Uid] = TemplateOf(after);
        }
    }

    private static string TemplateOf(Rollout rollout) => PodTemplateHash.Of(rollout.Spec?.Template);
}
