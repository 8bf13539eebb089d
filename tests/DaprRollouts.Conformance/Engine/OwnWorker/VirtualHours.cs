using System.Diagnostics;
using DaprRollouts.Benchmarks;
using DaprRollouts.Engine.InProcess;
using DaprRollouts.Protocol;
using DaprRollouts.WorkflowSdk;
using Microsoft.Extensions.DependencyInjection;

namespace DaprRollouts.Conformance.Engine.OwnWorker;

/// <summary>In virtual time, hours pass as fast as they can be computed, and alike for one seed.</summary>
public sealed class VirtualHours(ITestOutputHelper output)
{
    private const int Instances = 30;
    private const int Hours = 50;

    [Fact]
    public void One_seed_gives_one_order_of_everything()
    {
        var first = Run(seed: 7);
        var started = Stopwatch.GetTimestamp();
        var second = Run(seed: 7);
        output.WriteLine($"{Instances * Hours / Stopwatch.GetElapsedTime(started).TotalSeconds:0} workflow hours a second, with a timer and an activity every hour");

        Assert.Equal(first, second);
        Assert.NotEqual(first, Run(seed: 8));
    }

    // The order in which activities were done.
    private static List<string> Run(int seed)
    {
        List<string> done = [];
        var time = new VirtualTime(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(time).AddWorkflowDispatcher(Workloads.Register).BuildServiceProvider();
        var code = services.GetRequiredService<WorkflowDispatcher>();
        var worker = new InProcessWorker(
            (turn, token) => code.Run(turn, token),
            (activity, token) =>
            {
                done.Add($"{activity.WorkflowInstance.InstanceId} {activity.WorkflowInstance.ExecutionId} {activity.TaskId} at {time.GetUtcNow():O}");
                return code.RunAsync(activity, token);
            });
        using var engine = new InProcessEngine(worker, time, seed);
        var hub = new TaskHubSidecarService.TaskHubSidecarServiceClient(engine.Client);
        engine.Run(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, Instances).Select(async i =>
            {
                await hub.StartInstanceAsync(new CreateInstanceRequest { InstanceId = $"i{i}", Name = Workloads.Hourly, Input = $"{Hours}" });
                await hub.WaitForInstanceCompletionAsync(new GetInstanceRequest { InstanceId = $"i{i}" });
            }));
            return true;
        });
        return done;
    }
}
