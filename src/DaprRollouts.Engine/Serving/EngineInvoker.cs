using DaprRollouts.Engine.Running;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Engine.Serving;

/// <summary>The workflow service for a worker and clients in the engine's own process: what they would say over a connection costs several times what it says.</summary>
internal sealed class EngineInvoker(
    EngineThread host, WorkflowEngineOptions options, IHostApplicationLifetime lifetime, ILogger<EngineInvoker> logger) : LocalInvoker
{
    private readonly WorkCalls _work = new(host.Engine, logger);
    private readonly UnaryCalls _calls = new(new InstanceCalls(host.Engine), new WorkCalls(host.Engine, logger));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions callOptions, TRequest request)
    {
        if (method.Name != nameof(TaskHub.GetWorkItems))
        {
            throw Unsupported(method.Name);
        }

        logger.LogInformation("The worker of this process has connected");
        var reader = new WorkItemReader(_work, options);
        return new AsyncServerStreamingCall<TResponse>(
            (IAsyncStreamReader<TResponse>)(object)reader, Task.FromResult(EngineGreeting.Headers()), () => Status.DefaultSuccess, () => [], reader.Dispose);
    }

    protected override async Task<TResponse> AnswerAsync<TResponse>(string method, object request, CancellationToken cancel)
    {
        using var ending = cancel.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping) : null;
        try
        {
            return (TResponse)await _calls.Answer(method, request, ending?.Token ?? lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw EngineErrors.Stopping();
        }
    }
}
