using Dapr.Workflow;
using DaprRollouts.Protocol;
using DaprRollouts.WorkflowSdk;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

/// <summary>Runs single turns of one workflow that is given as a function.</summary>
internal sealed class Turns : IDisposable
{
    public const string Workflow = "Tested";
    public static readonly DateTime Epoch = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly ServiceProvider _services;

    private Turns(Action<WorkflowRuntimeOptions> configure) =>
        _services = new ServiceCollection().AddWorkflowDispatcher(configure).BuildServiceProvider();

    public static Turns Of<TOutput>(Func<WorkflowContext, Task<TOutput>> workflow) => Of<object?, TOutput>((context, _) => workflow(context));

    public static Turns Of<TInput, TOutput>(Func<WorkflowContext, TInput, Task<TOutput>> workflow) =>
        new(options => options.RegisterWorkflow(Workflow, workflow));

    public static Turns With(Action<WorkflowRuntimeOptions> configure) => new(configure);

    /// <summary>The first turn, with what else has come by then.</summary>
    public WorkflowResponse First(params HistoryEvent[] more) => Run([], [Happened.TurnStarted(), Happened.Started(Workflow), .. more]);

    /// <summary>A later turn: <paramref name="past"/> follows the start, <paramref name="now"/> is new.</summary>
    public WorkflowResponse Later(HistoryEvent[] past, params HistoryEvent[] now) =>
        Run([Happened.TurnStarted(), Happened.Started(Workflow), .. past], [Happened.TurnStarted(), .. now]);

    /// <summary>Every event gets the time of its place: one second after the one before it.</summary>
    public WorkflowResponse Run(HistoryEvent[] past, HistoryEvent[] now, string? executionId = null, bool canSendEvents = true)
    {
        foreach (var (second, happened) in past.Concat(now).Index())
        {
            happened.Timestamp ??= Timestamp.FromDateTime(Epoch.AddSeconds(second));
        }

        var request = new WorkflowRequest { InstanceId = "abc", ExecutionId = executionId, PastEvents = { past }, NewEvents = { now } };
        return _services.GetRequiredService<WorkflowDispatcher>().Run(request, "token", canSendEvents);
    }

    public void Dispose() => _services.Dispose();
}
