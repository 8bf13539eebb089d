using System.Text.Json.Nodes;
using Dapr.Workflow;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;
using DaprRollouts.Core.Routing;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Lets routers share traffic out: brings the objects that they go by to what the planner wants, one after the other.</summary>
public sealed class SetWeightActivity(RolloutTurn turn, RouteCaches routes, ClusterWriter writer, StatusPublisher publisher)
    : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<SetWeight>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(SetWeight effect, RolloutScene scene, CancellationToken cancel)
    {
        var rollout = scene.Seen!.Rollout;
        foreach (var change in TrafficRules.Plan(new Facts(scene.Seen, scene.Now)).Changes)
        {
            try
            {
                await WriteAsync(scene, change, cancel);
            }
            catch (KubernetesApiException e) when (e is not ConflictException)
            {
                publisher.Record(rollout.Namespace, rollout.Name, new Notice(Reason.TrafficRoutingError, e.Message, IsWarning: true));
                throw;
            }

            if (change.Notice is { } notice)
            {
                publisher.Record(rollout.Namespace, rollout.Name, notice);
            }

            scene.Tell(effect.Kind, $"{change.Which.Kind.Kind} {change.Which.Name}: {effect.Weight} to {effect.CanaryHash}");
        }
    }

    private async Task WriteAsync(RolloutScene scene, RouteChange change, CancellationToken cancel)
    {
        var (ns, name) = (change.Which.Namespace, change.Which.Name);
        if (await routes.FindAsync(change.Which.Kind) is not var (kind, cache))
        {
            throw new NotFoundException("NotFound", $"the cluster has no {change.Which.Kind.FullName}");
        }

        switch (change)
        {
            case { Before: null, After: { } made }:
                made["apiVersion"] = kind.ApiVersion;
                made["kind"] = kind.Kind;
                scene.Wrote(change.Which.Kind.FullName, (await writer.CreateAsync(kind, cache, ns, made, cancel)).Metadata.ResourceVersion);
                break;
            case { Before: { } before, After: null }:
                await writer.DeleteAsync(kind, cache, ns, name, before["metadata"]!["uid"]!.ToString(), cancel);
                break;
            case { Before: { } before, After: { } after }:
                var patch = MergePatch.Diff(before, after);
                RouteVersion(patch, before);
                scene.Wrote(change.Which.Kind.FullName, (await writer.PatchAsync(kind, cache, ns, name, patch, cancel: cancel)).Metadata.ResourceVersion);
                break;
        }
    }

    // Only what was seen is changed: whoever wrote in between is looked at first.
    private static void RouteVersion(JsonObject patch, JsonObject before)
    {
        if (patch["metadata"] is not JsonObject metadata)
        {
            patch["metadata"] = metadata = [];
        }

        metadata["resourceVersion"] = before["metadata"]!["resourceVersion"]!.DeepClone();
    }
}
