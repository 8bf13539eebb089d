using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Activities;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Routing;
using DaprRollouts.Core.Validation;
using DaprRollouts.Kubernetes.Resources;
using k8s;
using k8s.Models;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>
/// Rollouts as earlier builds left them in a cluster. A build that takes them over writes nothing: it re-rolls, re-scales and re-publishes nothing that is as it should
/// be. Snapshots are added to, never edited.
/// </summary>
public sealed class SnapshotTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests/DaprRollouts.Tests/Core/Planning/Snapshots");

    public static TheoryData<string> Snapshots => [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!)];

    [Theory]
    [MemberData(nameof(Snapshots))]
    public void A_new_build_changes_nothing(string name)
    {
        var (seen, takenAt) = Read(name);

        var decision = Planner.Decide(seen, takenAt);

        Assert.IsType<Wait>(decision.Move);
        Assert.Null(StatusDifference.Between(seen.Rollout.Status, decision.Status));
        Assert.Empty(decision.Notices);
        Assert.Equal(seen.Rollout.Annotations[OwnNames.WorkflowId], WorkflowIds.Rollout(seen.Rollout.Name, seen.Rollout.Uid, decision.Revision));
    }

    [Theory]
    [InlineData("canary-paused", 2)]
    [InlineData("routed-paused", 2)]
    [InlineData("bluegreen-paused", null)]
    public void A_paused_update_goes_on_from_where_it_was(string name, int? step)
    {
        var (seen, takenAt) = Read(name);
        var resumed = seen with { Rollout = seen.Rollout with { Status = seen.Rollout.Status with { PauseConditions = null } } };

        var decision = Planner.DecideAhead(resumed, takenAt);

        Assert.IsType<Perform>(decision.Move);
        Assert.Equal(seen.Rollout.Status.CurrentPodHash, decision.Status.CurrentPodHash);
        Assert.Equal(step, decision.Status.CurrentStepIndex);
    }

    private static (Observation Seen, DateTimeOffset TakenAt) Read(string name)
    {
        var snapshot = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json")))!;
        var objects = snapshot["objects"]!.AsArray().Select(o => o.Deserialize<JsonElement>()).ToLookup(o => o.GetProperty("kind").GetString());
        var rollout = Views.Of(TolerantReader.Read<Rollout>(objects["Rollout"].Single()));
        var services = objects["Service"].Select(s => Views.Of(KubernetesJson.Deserialize<V1Service>(s))).ToDictionary(s => s.Name);
        var routes = TrafficRouters.Reads(rollout).Objects.ToDictionary(
            r => r, r => JsonObject.Create(objects[r.Kind.Kind].Single(o => o.GetProperty("metadata").GetProperty("name").GetString() == r.Name))!);
        Assert.Equal(ReferenceValidation.Services(rollout.Spec).Count(s => !string.IsNullOrEmpty(s.Name)), services.Count);
        return (
            new Observation
            {
                Rollout = rollout,
                ReplicaSets = [.. objects["ReplicaSet"].Select(r => Views.Of(TolerantReader.Read<ReplicaSet>(r)))],
                Services = services,
                Routes = new RouteObjects(routes, []),
            },
            snapshot["takenAt"]!.GetValue<DateTimeOffset>());
    }
}
