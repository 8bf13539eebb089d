using System.Text.Json.Nodes;
using Dapr.Workflow;
using DaprRollouts.Core.Analysis.Composition;
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
        var draft = composer.Compose(facts, role, effect.Step);
        var name = await CreateAsync(effect, facts, draft, scene, cancel);
        scene.Tell(effect.Kind, $"{effect.Role} analysis {name} started");
        await publisher.PublishAsync(scene, AnalysisRules.Started(facts, role, name), [], cancel);
    }

    // A run of that name that is unfinished, ours and alike was made by an earlier try.
    private async Task<string> CreateAsync(StartAnalysis effect, Facts facts, AnalysisRunDraft draft, RolloutScene scene, CancellationToken cancel)
    {
        var ns = facts.Rollout.Namespace;
        for (var attempt = 0; ; attempt++)
        {
            var name = AnalysisRunFactory.Name(effect.Name, attempt);
            try
            {
                var created = await writer.CreateAsync(Kinds.AnalysisRuns, cluster.AnalysisRuns, ns, Body(name, facts, draft), cancel);
                scene.Wrote(FloorKinds.AnalysisRun, created.Metadata.ResourceVersion);
                return name;
            }
            catch (AlreadyExistsException)
            {
                var existing = await writer.GetAsync(Kinds.AnalysisRuns, cluster.AnalysisRuns, ns, name, cancel);
                if (existing is not null && IsReusable(existing, facts, draft.Spec))
                {
                    return name;
                }
            }
        }
    }

    private static bool IsReusable(AnalysisRun run, Facts facts, AnalysisRunSpec wanted) =>
        run.Metadata.OwnerReferences?.Any(o => o.Controller == true && o.Uid == facts.Rollout.Uid) == true
        && AnalysisRunFactory.CanAdopt(wanted, run.Spec ?? new AnalysisRunSpec(), run.Status?.Phase);

    private static JsonObject Body(string name, Facts facts, AnalysisRunDraft draft) => new()
    {
        ["apiVersion"] = Kinds.AnalysisRuns.ApiVersion,
        ["kind"] = Kinds.AnalysisRuns.Kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = facts.Rollout.Namespace,
            ["labels"] = Texts(draft.Labels),
            ["annotations"] = Texts(draft.Annotations),
            ["ownerReferences"] = new JsonArray(Owner.Reference(facts.Rollout)),
        },
        ["spec"] = ModelJson.ToNode(draft.Spec),
    };

    private static JsonObject Texts(IReadOnlyDictionary<string, string> texts) =>
        new(texts.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));
}
