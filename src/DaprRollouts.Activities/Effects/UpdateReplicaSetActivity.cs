using System.Text.Json.Nodes;
using Dapr.Workflow;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;
using DaprRollouts.Core.Revisions;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Brings the annotations and minReadySeconds of a revision's ReplicaSet up to date.</summary>
public sealed class UpdateReplicaSetActivity(RolloutTurn turn, ReplicaSetWriter writer) : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<UpdateReplicaSet>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(UpdateReplicaSet effect, RolloutScene scene, CancellationToken cancel)
    {
        var rollout = scene.Seen!.Rollout;
        var rs = scene.Seen.ReplicaSets.Single(r => r.Name == effect.Name);
        var annotations = new JsonObject(RevisionRules.Copied(rollout.Annotations)
            .Where(a => rs.Annotations.GetValueOrDefault(a.Key) != a.Value)
            .Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value)));
        if (rs.Revision != effect.Revision)
        {
            annotations[ArgoNames.Revision] = effect.Revision.ToString();
            annotations[ArgoNames.RevisionHistory] = History(rs);
            scene.Tell(effect.Kind, $"ReplicaSet {rs.Name} is revision {effect.Revision}");
        }

        var spec = new JsonObject { ["minReadySeconds"] = rollout.Spec.MinReadySeconds ?? 0 };
        var facts = new Facts(scene.Seen, scene.Now);
        if (RevisionRules.AntiAffinityOf(facts) is { } affinity)
        {
            var template = AntiAffinityTerm.Inject(rs.Template!, affinity, facts.StableHash, rollout.Namespace);
            spec["template"] = MergePatch.Diff(rs.Template!, template);
        }

        await writer.PatchAsync(scene, effect.Name, annotations, spec, cancel);
    }

    private static string? History(ReplicaSetView rs)
    {
        var earlier = rs.Annotations.GetValueOrDefault(ArgoNames.RevisionHistory);
        return rs.Revision == 0 ? earlier : string.IsNullOrEmpty(earlier) ? $"{rs.Revision}" : $"{earlier},{rs.Revision}";
    }
}
