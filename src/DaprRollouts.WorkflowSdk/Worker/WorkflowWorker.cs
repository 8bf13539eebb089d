using Dapr.Workflow.Client;
using DaprRollouts.Protocol;
using DaprRollouts.WorkflowSdk;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Dapr.Workflow.Worker;

/// <summary>Keeps a stream of work items open for as long as the host runs, and lets running items end when it stops.</summary>
internal sealed class WorkflowWorker(
    IConfiguration configuration,
    WorkflowRuntimeOptions options,
    WorkflowDispatcher dispatcher,
    StreamHealth health,
    TimeProvider time,
    ILogger<WorkflowWorker> logger) : BackgroundService
{
    // A stream that lived for so long was a good one: the next attempt comes at once.
    private static readonly TimeSpan GoodLife = TimeSpan.FromSeconds(30);

    private readonly RunningItems _running = new(logger);
    private readonly CancellationTokenSource _hangUp = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // The stream stays open meanwhile, or the engine would give what is running here to another worker.
        await Task.WhenAny(_running.CloseAsync(), Task.Delay(Timeout.Infinite, cancellationToken));
        await _hangUp.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _hangUp.Dispose();
        _running.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var channel = GrpcChannel.ForAddress(
            DaprDefaults.GetDefaultGrpcEndpoint(configuration), SidecarChannel.Options(options.GrpcChannelOptions));
        var invoker = SidecarChannel.WithMetadata(channel.CreateCallInvoker(), DaprDefaults.GetDefaultDaprApiToken(configuration));
        var sidecar = new TaskHubSidecarService.TaskHubSidecarServiceClient(invoker);
        var reconnecting = Reconnecting();
        while (!_hangUp.IsCancellationRequested)
        {
            try
            {
                await reconnecting.ExecuteAsync(async token => await ReadOneStreamAsync(sidecar, token), _hangUp.Token);
            }
            catch (OperationCanceledException) when (_hangUp.IsCancellationRequested)
            {
                logger.LogInformation("The worker has stopped; {Count} work items were still running", _running.Count);
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
            health.Broken(broken.Message);
            if (time.GetElapsedTime(opened) < GoodLife)
            {
                throw;
            }

            logger.LogWarning(broken, "The stream of work items broke off; opening another one");
        }
    }

    private ResiliencePipeline Reconnecting() => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(250),
            MaxDelay = TimeSpan.FromSeconds(15),
            ShouldHandle = new PredicateBuilder().Handle<Exception>(e => e is not OperationCanceledException),
            OnRetry = attempt =>
            {
                logger.LogWarning(
                    "No work items from the engine ({Reason}); trying again in {Delay}",
                    (attempt.Outcome.Exception as RpcException)?.Status.Detail ?? attempt.Outcome.Exception?.Message,
                    attempt.RetryDelay);
                return ValueTask.CompletedTask;
            },
        })
        .Build();
}
