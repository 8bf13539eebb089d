using Grpc.Core;
using Polly;
using Polly.Retry;

namespace Dapr.Workflow.Client;

/// <summary>Repeats a call that waits on the server until it is answered: such a call outlives proxies and restarts.</summary>
internal sealed class PatientCall(TimeProvider time)
{
    private readonly ResiliencePipeline _retries = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromSeconds(15),
            ShouldHandle = new PredicateBuilder().Handle<RpcException>(
                e => e.StatusCode is StatusCode.DeadlineExceeded or StatusCode.Unavailable),
        })
        .Build();

    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        // A caller in virtual time lives on one thread, and must be met there again.
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellation);
        try
        {
            return await _retries.ExecuteAsync(async inner => await call(inner.CancellationToken), context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
