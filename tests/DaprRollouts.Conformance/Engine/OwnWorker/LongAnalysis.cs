using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DaprRollouts.Activities;
using DaprRollouts.Activities.Metrics;
using DaprRollouts.Conformance.Analysis;
using DaprRollouts.Core.Model;
using DaprRollouts.Engine.InProcess;
using DaprRollouts.Protocol;
using DaprRollouts.WorkflowSdk;
using DaprRollouts.Workflows;
using DaprRollouts.Workflows.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace DaprRollouts.Conformance.Engine.OwnWorker;

/// <summary>An analysis that goes on for days, from its first look to its verdict: its workflow and activity as they are, in virtual time.</summary>
public sealed class LongAnalysis(ITestOutputHelper output)
{
    private const string DaysVariable = "DAPR_ROLLOUTS_TEST_ANALYSIS_DAYS";
    private const double DefaultDays = 0.5;
    private const int IntervalSeconds = 10;
    private const int MeasurementsPerDay = 24 * 60 * 60 / IntervalSeconds;

    // Bounds that have nothing to do with how long it takes; an object may have 1.5 MB, a Dapr history 4 MB.
    private const int MostHistoryBytes = 64 * 1024;
    private const int MostPayloadBytes = 4 * 1024;
    private const int MostObjectBytes = 8 * 1024;

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private int _mostHistory;
    private int _mostPayload;
    private int _turns;

    [Fact]
    public async Task Neither_history_nor_object_grows_and_no_measurement_is_lost_or_doubled()
    {
        var count = (int)(MeasurementsPerDay * Days);
        var time = new VirtualTime(Start);
        await using var cluster = await AnalysisCluster.StartAsync();
        var key = await cluster.CreateAsync(
            $"{{metrics: [{{name: m, interval: {IntervalSeconds}s, count: {count}, failureLimit: {count / 50}, provider: {{web: {{url: http://web}}}}}}]}}");
        var provider = new ScriptedMetrics(time, PhaseOf);
        var began = Stopwatch.GetTimestamp();

        var outcome = await RunAsync(cluster, key, provider, time);

        output.WriteLine(
            $"{provider.Asked} measurements in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s and {_turns} turns; at most {_mostHistory} bytes of history, "
            + $"{_mostPayload} of payload, {cluster.MostBytes} of object");
        var status = (await cluster.ReadAsync()).Status!;
        var result = status.MetricResults![0];
        var phases = Enumerable.Range(1, provider.Asked).Select(PhaseOf).ToList();
        Assert.Equal(("ended: Successful", "Successful", count), (outcome, status.Phase, result.Count));
        Assert.Equal((Times(AnalysisPhase.Successful), Times(AnalysisPhase.Failed), Times(AnalysisPhase.Error)), (result.Successful, result.Failed, result.Error));
        Assert.Equal(Enumerable.Range(0, provider.Asked).Select(i => Start.AddSeconds((long)i * IntervalSeconds)), provider.Times);
        Assert.Equal(Enumerable.Range(provider.Asked - 9, 10).Select(n => $"{n}"), result.Measurements!.Select(m => m.Value));
        Assert.InRange(_mostHistory, 1, MostHistoryBytes);
        Assert.InRange(_mostPayload, 1, MostPayloadBytes);
        Assert.InRange(cluster.MostBytes, 1, MostObjectBytes);

        int Times(string phase) => phases.Count(p => p == phase);
    }

    private static double Days =>
        Environment.GetEnvironmentVariable(DaysVariable) is { Length: > 0 } given ? double.Parse(given, CultureInfo.InvariantCulture) : DefaultDays;

    // Now and then a failure, within the limit, or an error, after which it is measured again as soon as after anything else.
    private static string PhaseOf(int measurement) =>
        measurement % 100 == 0 ? AnalysisPhase.Failed : measurement % 137 == 0 ? AnalysisPhase.Error : AnalysisPhase.Successful;

    private async Task<string> RunAsync(AnalysisCluster cluster, AnalysisRunKey key, IMetricProvider provider, VirtualTime time)
    {
        await using var services = cluster.Register(new ServiceCollection(), provider)
            .AddSingleton<TimeProvider>(time)
            .AddWorkflowDispatcher(options =>
            {
                options.RegisterWorkflow<AnalysisRunWorkflow>(AnalysisRunWorkflow.Name);
                options.RegisterActivity<MeasureActivity>(AnalysisRunActivities.Measure);
            })
            .BuildServiceProvider();
        var code = services.GetRequiredService<WorkflowDispatcher>();
        using var engine = new InProcessEngine(
            new InProcessWorker(
                (turn, token) =>
                {
                    _turns++;
                    _mostHistory = Math.Max(_mostHistory, turn.PastEvents.Concat(turn.NewEvents).Sum(e => e.CalculateSize()));
                    return code.Run(turn, token);
                },
                async (activity, token) =>
                {
                    var answer = await code.RunAsync(activity, token);
                    _mostPayload = Math.Max(_mostPayload, Math.Max(activity.Input.Length, answer.Result.Length));
                    return answer;
                }),
            time);
        var hub = new TaskHubSidecarService.TaskHubSidecarServiceClient(engine.Client);
        return engine.Run(async () =>
        {
            var input = JsonSerializer.Serialize(new AnalysisRunInput(key, Looks: AnalysisRunInput.LooksPerGeneration), JsonSerializerOptions.Web);
            await hub.StartInstanceAsync(new CreateInstanceRequest { InstanceId = "run", Name = AnalysisRunWorkflow.Name, Input = input });
            var ended = await hub.WaitForInstanceCompletionAsync(new GetInstanceRequest { InstanceId = "run", GetInputsAndOutputs = true });
            return JsonSerializer.Deserialize<string>(ended.WorkflowState.Output)!;
        });
    }
}
