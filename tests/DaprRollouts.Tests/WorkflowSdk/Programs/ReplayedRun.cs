using System.Text.Json;
using DaprRollouts.Protocol;
using DaprRollouts.Tests.WorkflowSdk.Replay;

namespace DaprRollouts.Tests.WorkflowSdk.Programs;

/// <summary>
/// Runs a program through the replay executor in a world that does what it did to the ideal run, but in random
/// portions: one turn a portion, some turns twice, some while the instance is suspended.
/// </summary>
internal sealed class ReplayedRun : IDisposable
{
    private readonly Random _schedule;
    private readonly Turns _turns;
    private readonly List<HistoryEvent> _history = [];
    private HashSet<int> _asked = [];
    private int _generation;
    private bool _isSuspended;
    private int _second;

    public ReplayedRun(Step program, int generations, IdealRun ideal, int seed)
    {
        _schedule = new Random(seed);
        _turns = Turns.Of<int, string>((context, generation) => StepCode.RunAsync(context, program, generation, generations));
        Live(new Queue<Outcome>(ideal.Outcomes));
    }

    public string? Result { get; private set; }

    public string? Status { get; private set; }

    public List<string> Calls { get; } = [];

    public void Dispose() => _turns.Dispose();

    private void Live(Queue<Outcome> world)
    {
        Turn(Begin([]));
        for (var turns = 0; Result is null; turns++)
        {
            Assert.True(turns < 10_000, "The program does not end.");
            Turn(Portion(world));
        }
    }

    private HistoryEvent[] Begin(IEnumerable<HistoryEvent> carriedOver) =>
        [At(Happened.TurnStarted()), At(Happened.Started(Turns.Workflow, $"{_generation}")), .. carriedOver];

    private HistoryEvent[] Portion(Queue<Outcome> world)
    {
        List<HistoryEvent> portion = [At(Happened.TurnStarted())];
        if (_schedule.Next(8) == 0)
        {
            portion.Add(At(_isSuspended ? Happened.Resumed() : Happened.Suspended()));
            _isSuspended = !_isSuspended;
        }

        for (var size = _schedule.Next(1, 6); size > 0 && world.TryPeek(out var next) && CanHappen(next); size--)
        {
            portion.Add(At(world.Dequeue().ToEvent()));
            if (next.EndsGeneration)
            {
                break;
            }
        }

        if (_isSuspended && !(world.TryPeek(out var blocked) && CanHappen(blocked)))
        {
            portion.Add(At(Happened.Resumed()));
            _isSuspended = false;
        }

        return [.. portion];
    }

    // A call is answered only after the turn that made it, and in the generation that made it.
    private bool CanHappen(Outcome next) => next.Kind == "event" ? next.Generation <= _generation : next.Generation == _generation && _asked.Contains(next.Id);

    private void Turn(HistoryEvent[] now)
    {
        var answer = _turns.Run([.. _history], now);
        if (_schedule.Next(3) == 0)
        {
            // The worker died before its answer arrived: the same turn again.
            Assert.Equal(answer, _turns.Run([.. _history], now));
        }

        _history.AddRange(now);
        Apply(answer);
    }

    private void Apply(WorkflowResponse answer)
    {
        Status = answer.CustomStatus;
        if (answer.Actions.FirstOrDefault(a => a.CompleteWorkflow is not null)?.CompleteWorkflow is { } ending)
        {
            End(ending, answer);
            return;
        }

        foreach (var action in answer.Actions)
        {
            _history.Add(At(Created(action)));
            _asked.Add(action.Id);
            Calls.Add(Told(action));
        }
    }

    private void End(CompleteWorkflowAction ending, WorkflowResponse answer)
    {
        if (ending.WorkflowStatus != OrchestrationStatus.ContinuedAsNew)
        {
            Result = ending.FailureDetails is { } failure ? failure.ToString() : JsonSerializer.Deserialize<string>(ending.Result);
            Calls.AddRange(answer.Actions.Where(a => a.CompleteWorkflow is null).Select(Told));
            return;
        }

        _history.Clear();
        Calls.Clear();
        (_asked, _generation) = ([], _generation + 1);
        Turn(Begin(ending.CarryoverEvents));
    }

    private static HistoryEvent Created(WorkflowAction action) => action switch
    {
        { ScheduleTask: { } task } => Happened.Scheduled(action.Id, task.Name),
        { CreateChildWorkflow: { } child } => Happened.ChildCreated(action.Id, child.InstanceId, child.Name),
        { CreateTimer: { } timer } => new HistoryEvent
        {
            EventId = action.Id,
            TimerCreated = new TimerCreatedEvent { FireAt = timer.FireAt, ExternalEvent = timer.ExternalEvent },
        },
        _ => throw new InvalidOperationException($"Unexpected {action}."),
    };

    private static string Told(WorkflowAction action) => action switch
    {
        { ScheduleTask: { } task } => $"{action.Id} activity {task.Name}",
        { CreateChildWorkflow: { } child } => $"{action.Id} child {child.Name}",
        { CreateTimer: { FireAt.Nanos: 999999999 } } => $"{action.Id} marker",
        _ => $"{action.Id} timer",
    };

    private HistoryEvent At(HistoryEvent happened)
    {
        happened.Timestamp = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(Turns.Epoch.AddSeconds(_second++));
        return happened;
    }
}
