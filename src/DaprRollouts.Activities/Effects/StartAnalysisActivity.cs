using System.Text.Json.Nodes;
using Dapr.Workflow;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Makes an AnalysisRun, and names it in the Rollout's status.</summary>
public sealed class StartAnalysisActivity(
    RolloutTurn turn, AnalysisComposer composer, ClusterCache cluster, ClusterWriter writer, StatusPublisher publisher)
    : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<StartAnalysis>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(StartAnalysis effect, RolloutScene scene, CancellationToken cancel)
    {
        var facts = new Facts(scene.Seen!, scene.Now);
        var role = AnalysisRole.Named(effect.Role);
        var spec = composer.Compose(facts, role);
        var name = await CreateAsync(effect, facts, spec, scene, cancel);
        scene.Tell(effect.Kind, $"{effect.Role} analysis {name} started");
        var status = role.Record(facts.Status, new RolloutAnalysisRunStatus { Name = name });
        if (PauseRules.IsResumed(facts))
        {
            status = status with { ControllerPause = null }; // the resumption has had its effect: a fresh run
        }

        await publisher.PublishAsync(scene, status, [], cancel);
    }

    // A run of that name that is unfinished, ours and alike was made by an earlier try.
    private async Task<string> CreateAsync(StartAnalysis effect, Facts facts, AnalysisRunSpec spec, RolloutScene scene, CancellationToken cancel)
    {
        var ns = facts.Rollout.Namespace;
        for (var attempt = 0; ; attempt++)
        {
            var name = attempt == 0 ? effect.Name : $"{effect.Name}.{attempt}";
            try
            {
                var created = await writer.CreateAsync(Kinds.AnalysisRuns, cluster.AnalysisRuns, ns, Body(name, effect, facts, spec), cancel);
                scene.Wrote(nameof(AnalysisRun), created.Metadata.ResourceVersion);
                return name;
            }
            catch (AlreadyExistsException)
            {
                var existing = await writer.GetAsync(Kinds.AnalysisRuns, cluster.AnalysisRuns, ns, name, cancel);
                if (existing is not null && IsReusable(existing, facts, spec))
                {
                    return name;
                }
            }
        }
    }

    private static bool IsReusable(AnalysisRun run, Facts facts, AnalysisRunSpec spec) =>
        !AnalysisPhase.IsCompleted(run.Status?.Phase)
        && run.Spec?.Terminate != true
        && run.Metadata.OwnerReferences?.Any(o => o.Controller == true && o.Uid == facts.Rollout.Uid) == true
        && JsonNode.DeepEquals(ModelJson.ToNode(run.Spec! with { Terminate = null }), ModelJson.ToNode(spec));

    private static JsonObject Body(string name, StartAnalysis effect, Facts facts, AnalysisRunSpec spec)
    {
        var analysis = AnalysisRole.Named(effect.Role).Spec(facts);
        var labels = new JsonObject { [ArgoNames.PodTemplateHash] = facts.Hash, [ArgoNames.RolloutType] = effect.Role };
        if (effect.Step is { } step)
        {
            labels[ArgoNames.StepIndex] = $"{step}";
        }

        if (facts.Rollout.Labels.TryGetValue(ArgoNames.InstanceId, out var instance) && instance.Length > 0)
        {
            labels[ArgoNames.InstanceId] = instance;
        }

        Put(labels, analysis?.AnalysisRunMetadata?.Labels);
        Put(labels, facts.Spec.Selector?.MatchLabels);
        var annotations = new JsonObject { [ArgoNames.Revision] = $"{facts.Revision}" };
        Put(annotations, analysis?.AnalysisRunMetadata?.Annotations);
        return new JsonObject
        {
            ["apiVersion"] = Kinds.AnalysisRuns.ApiVersion,
            ["kind"] = Kinds.AnalysisRuns.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = facts.Rollout.Namespace,
                ["labels"] = labels,
                ["annotations"] = annotations,
                ["ownerReferences"] = new JsonArray(Owner.Reference(facts.Rollout)),
            },
            ["spec"] = ModelJson.ToNode(spec),
        };
    }

    private static void Put(JsonObject into, IReadOnlyDictionary<string, string>? entries)
    {
        foreach (var (key, value) in entries ?? new Dictionary<string, string>())
        {
            into[key] = value;
        }
    }
}
