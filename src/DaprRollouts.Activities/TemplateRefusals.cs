using System.Collections.Concurrent;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Revisions;

namespace DaprRollouts.Activities;

/// <summary>
/// Pod templates of which the API server would make no ReplicaSet, and why: it knows rules that nobody else does. A template that it refused is not tried again and
/// again; after a while it is, as the server may have learned.
/// </summary>
public sealed class TemplateRefusals(TimeProvider time)
{
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Refusal> _byUid = new();

    /// <summary>Remembers what is wrong with a Rollout's template.</summary>
    public void Add(RolloutView rollout, string problem) => _byUid[rollout.Uid] = new Refusal(Hash(rollout), problem, time.GetUtcNow() + Validity);

    /// <summary>What was found wrong with a Rollout's template lately; null if nothing was.</summary>
    public string? Of(RolloutView rollout) =>
        _byUid.TryGetValue(rollout.Uid, out var refusal) && refusal.Until > time.GetUtcNow() && refusal.Hash == Hash(rollout) ? refusal.Problem : null;

    private static string Hash(RolloutView rollout) => PodTemplateHash.Of(rollout.Spec.Template);

    private sealed record Refusal(string Hash, string Problem, DateTimeOffset Until);
}
