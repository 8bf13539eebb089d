using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

public sealed class WorkloadPlanningTests
{
    [Fact]
    public void A_deployment_that_is_never_scaled_down_stays()
    {
        var world = Referring("never", 5);

        world.Run();

        Assert.Equal((RolloutPhase.Healthy, 5), (world.Status.Phase, world.Workload?.Replicas));
    }

    [Fact]
    public void On_success_it_goes_when_all_serve()
    {
        var world = Referring("onsuccess", 5);
        world.Settle();
        world.MakeAvailable(4);
        world.Settle();
        Assert.Equal(5, world.Workload?.Replicas);

        world.Run();

        Assert.Equal((RolloutPhase.Healthy, 0), (world.Status.Phase, world.Workload?.Replicas));
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(1, 4)]
    [InlineData(5, 0)]
    public void Progressively_it_makes_room_for_what_serves(int ready, int left)
    {
        var world = Referring("progressively", 5);
        world.Settle();
        world.MakeAvailable(ready);

        world.Settle();

        Assert.Equal(left, world.Workload?.Replicas);
    }

    [Fact]
    public void After_the_first_revision_it_is_left_alone()
    {
        var world = Referring("progressively", 3);
        world.Run();
        world.Workload = world.Workload! with { Replicas = 2 };

        world.Update("2");
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, 2), (world.Status.Phase, world.Workload?.Replicas));
    }

    [Fact]
    public void The_generation_of_the_workload_is_on_the_Rollout_and_in_its_status()
    {
        var world = Referring("never", 1);
        world.Run();
        Assert.Equal(("7", "7"), (world.Rollout.Annotations[ArgoNames.WorkloadGeneration], world.Status.WorkloadObservedGeneration));

        world.Workload = world.Workload! with { Generation = 8 };
        world.Run();

        Assert.Equal(("8", "8"), (world.Rollout.Annotations[ArgoNames.WorkloadGeneration], world.Status.WorkloadObservedGeneration));
        Assert.Equal("8", world.Revision(1).Annotations[ArgoNames.WorkloadGeneration]);
    }

    [Fact]
    public void A_workload_that_is_missing_makes_the_spec_invalid_and_nothing_else()
    {
        var world = Referring("never", 1);
        world.Run();
        var sizes = world.ReplicaSets.Select(r => r.Size).ToList();
        var seen = world.Seen with { Workload = null, WorkloadError = "deployments.apps \"ref\" not found" };

        var decision = Planner.Decide(seen, world.Now);

        Assert.Equal("InvalidSpec: The Rollout \"app\" is invalid: deployments.apps \"ref\" not found", decision.Status.Message);
        Assert.Equal(new PublishStatus(), Assert.IsType<Perform>(decision.Move).Effect);
        Assert.Equal(sizes, world.ReplicaSets.Select(r => r.Size));
    }

    [Fact]
    public void A_template_beside_the_reference_is_an_error()
    {
        var world = Referring("never", 1);

        var decision = Planner.Decide(world.Seen with { Workload = null }, world.Now);

        Assert.Equal(
            "The Rollout \"app\" is invalid: spec.template: Internal error: template must be empty for workload reference rollout",
            Assert.Single(decision.Status.Conditions!).Message);
    }

    [Theory]
    [InlineData("apps/v1", "Deployment", "deployments.apps")]
    [InlineData("apps/v1beta2", "ReplicaSet", "replicasets.apps")]
    [InlineData("v1", "PodTemplate", "podtemplates")]
    [InlineData("apps/v1", "StatefulSet", null)]
    [InlineData("v1", "Deployment", null)]
    public void Kinds_are_known_whatever_their_version(string apiVersion, string kind, string? resource)
    {
        var reference = new WorkloadRef { ApiVersion = apiVersion, Kind = kind, Name = "ref" };

        Assert.Equal(resource, WorkloadKind.Of(reference)?.Resource);
    }

    [Fact]
    public void A_kind_that_lends_no_template_is_named() => Assert.Equal(
        "workload of type batch/Job is not supported",
        WorkloadKind.Unsupported(new WorkloadRef { ApiVersion = "batch/v1", Kind = "Job", Name = "ref" }));

    private static World Referring(string scaleDown, int replicas)
    {
        var spec = new RolloutSpec
        {
            Replicas = replicas,
            WorkloadRef = new WorkloadRef { ApiVersion = "apps/v1", Kind = "Deployment", Name = "ref", ScaleDown = scaleDown },
            Strategy = new RolloutStrategy { Canary = new CanaryStrategy() },
        };
        return new World(spec) { Workload = new WorkloadView("Deployment", "ref", 7, replicas) };
    }
}
