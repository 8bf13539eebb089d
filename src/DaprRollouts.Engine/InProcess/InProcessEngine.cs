using DaprRollouts.Engine.Running;
using DaprRollouts.Engine.Serving;
using DaprRollouts.Engine.Storage;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprRollouts.Engine.InProcess;

/// <summary>
/// The engine and a worker on one thread, in virtual time: whenever nothing is left to do, the clock goes on to the next timer. The same seed gives the same order of
/// everything, as long as neither the scenario nor an activity awaits anything but this engine and its clock.
/// </summary>
public sealed class InProcessEngine : IDisposable
{
    // What an activity awaits outside of this engine and its clock may take so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly InProcessWorker _worker;
    private readonly SqliteConnection _database;
    private readonly WorkflowEngineOptions _options = new();
    private readonly Random _identities;
    private readonly Random? _order;
    private readonly ILogger _logger;
    private InProcessRun _run;

    /// <summary>Makes an engine with an empty database in memory.</summary>
    /// <param name="worker">The code of workflows and activities.</param>
    /// <param name="time">The clock.</param>
    /// <param name="seed">Decides the order of what could happen in any order; null for first come, first served.</param>
    /// <param name="logger">Where the engine logs.</param>
    public InProcessEngine(InProcessWorker worker, VirtualTime time, int? seed = null, ILogger? logger = null)
    {
        (_worker, Time, _logger) = (worker, time, logger ?? NullLogger.Instance);
        _identities = new Random(seed ?? 0);
        _order = seed is { } given ? new Random(given) : null;
        _database = EngineDatabase.OpenInMemory();
        _run = Begin();
        Client = new InProcessInvoker(() => _run);
    }

    /// <summary>The clock.</summary>
    public VirtualTime Time { get; }

    /// <summary>Where clients send their calls.</summary>
    public CallInvoker Client { get; }

    /// <summary>Looks on at commits; a <see cref="SimulatedCrash"/> thrown there ends the engine and the worker, and begins them anew.</summary>
    internal CommitProbe? Probe { get; set; }

    /// <summary>How often the engine has ended in the middle of something.</summary>
    internal int Crashes { get; private set; }

    /// <summary>Runs a scenario, and all that it leads to, until the scenario ends.</summary>
    public T Run<T>(Func<Task<T>> scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        // Without a context, what follows an await runs where its answer is given: here.
        var surroundings = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var running = scenario();
            while (!running.IsCompleted)
            {
                Step();
            }

            return running.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(surroundings);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Engine.Abandon();
        _database.Dispose();
    }

    private void Step()
    {
        if (_run.Worker.Failure is { } failure)
        {
            throw new InvalidOperationException($"the worker has failed: {failure.Message}", failure);
        }

        if (!Work() && !Time.TryAdvance() && !_run.Engine.Wait(_run.Worker.Running > 0 ? Patience : TimeSpan.Zero))
        {
            throw new InvalidOperationException("nothing is left to do, no timer waits, and the scenario has not ended");
        }
    }

    // By chance, who is first may be another: then other events share a turn, and other turns a commit.
    private bool Work() => _order?.Next(2) == 1 ? _run.Worker.RunOnce() || RunEngine() : RunEngine() || _run.Worker.RunOnce();

    private bool RunEngine()
    {
        try
        {
            return _run.Engine.RunOnce();
        }
        catch (SimulatedCrash)
        {
            Crashes++;
            var former = _run;
            former.End();
            _run = Begin();
            former.Announce();
            return true;
        }
    }

    private InProcessRun Begin()
    {
        var setting = new EngineSetting(_options, Time, _logger)
        {
            AnswersInline = true, KeepsAll = true, Seed = _identities, Order = _order, Probe = moment => Probe?.Invoke(moment),
        };
        var engine = new EmbeddedEngine(new EngineStore(_database), setting);
        var work = new WorkCalls(engine, _logger);
        return new InProcessRun(engine, new UnaryCalls(new InstanceCalls(engine), work), new WorkerLoop(_worker, work, work.Connect(_options), _order));
    }
}
