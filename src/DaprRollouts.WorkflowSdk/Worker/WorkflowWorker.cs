using DaprRollouts.Protocol;
using DaprRollouts.WorkflowSdk;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Dapr.Workflow.Worker;

/// <summary>Keeps a stream of work items open for as long as the host runs, and lets running items end when it stops.</summary>
internal sealed class WorkflowWorker(
    SidecarConnection connection,
    WorkflowDispatcher dispatcher,
    StreamHealth health,
    TimeProvider time,
    ILogger<WorkflowWorker> logger) : BackgroundService, IHostedLifecycleService
{
    // A stream that lived for so long was a good one: the next attempt comes at once.
    private static readonly TimeSpan GoodLife = TimeSpan.FromSeconds(30);

    private const int AttemptsUntilWarning = 3;

    private readonly RunningItems _running = new(logger);
    private readonly CancellationTokenSource _hangUp = new();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Comes before anything is stopped: an engine in the same host still takes the last answers.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // The stream stays open meanwhile, or the engine would give what is running here to another worker.
        await Task.WhenAny(_running.CloseAsync(), Task.Delay(Timeout.Infinite, cancellationToken));
        await _hangUp.CancelAsync();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _hangUp.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
        _hangUp.Dispose();
        _running.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sidecar = new TaskHubSidecarService.TaskHubSidecarServiceClient(connection.Invoker);
        var reconnecting = Reconnecting();
        while (!_hangUp.IsCancellationRequested)
        {
            try
            {
                await reconnecting.ExecuteAsync(async token => await ReadOneStreamAsync(sidecar, token), _hangUp.Token);
            }
            catch (Exception end) when (_hangUp.IsCancellationRequested)
            {
                // An engine in the same process hangs up at the same moment; then the stream may end before the wait for it is cancelled.
                logger.LogDebug(end, "The worker has stopped; {Count} work items were still running", _running.Count);
            }
        }
    }

    /// <summary>Returns after a stream that has lived long, throws after one that has not.</summary>
    private async Task ReadOneStreamAsync(TaskHubSidecarService.TaskHubSidecarServiceClient sidecar, CancellationToken cancellation)
    {
        var opened = time.GetTimestamp();
        try
        {
            await new WorkItemStream(sidecar, dispatcher, _running, health, time, logger).ReadAsync(cancellation);
            throw new StreamEnded();
        }
        catch (Exception broken) when (!cancellation.IsCancellationRequested)
        {
            health.Broken(ReasonOf(broken));
            if (time.GetElapsedTime(opened) < GoodLife)
            {
                throw;
            }

            logger.LogWarning(broken, "The stream of work items broke off; opening another one");
        }
    }

    private static string ReasonOf(Exception broken) => broken is RpcException { Status.Detail: var detail } ? detail : broken.Message;

    private ResiliencePipeline Reconnecting() => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(250),
            MaxDelay = TimeSpan.FromSeconds(15),
            ShouldHandle = attempt => ValueTask.FromResult(
                attempt.Outcome.Exception is not null && !attempt.Context.CancellationToken.IsCancellationRequested),
            OnRetry = attempt =>
            {
                // Told once per outage: a host that starts, or an engine that restarts, is away for a moment only.
                logger.Log(
                    attempt.AttemptNumber == AttemptsUntilWarning ? LogLevel.Warning : LogLevel.Debug,
                    "No work items from the engine ({Reason}); trying again in {Delay}",
                    ReasonOf(attempt.Outcome.Exception!),
                    attempt.RetryDelay);
                return ValueTask.CompletedTask;
            },
        })
        .Build();
}
