using System.Net;
using Polly;
using Polly.Retry;

namespace DaprRollouts.Kubernetes;

/// <summary>
/// Waits and asks again where the API server says that it has too much to do, as its fairness rules expect of clients. There is no other limit on requests.
/// </summary>
internal sealed class ThrottledRequests : DelegatingHandler
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly ResiliencePipeline<HttpResponseMessage> Retry = new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = 10,
            ShouldHandle = sent => ValueTask.FromResult(sent.Outcome.Result is { } response && AsksForPatience(response)),
            DelayGenerator = retry => ValueTask.FromResult<TimeSpan?>(Delay(retry.Outcome.Result!)),
            OnRetry = retry =>
            {
                retry.Outcome.Result!.Dispose();
                return default;
            },
        })
        .Build();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        await Retry.ExecuteAsync(async cancel => await base.SendAsync(request, cancel), cancellationToken);

    private static TimeSpan Delay(HttpResponseMessage response) =>
        response.Headers.RetryAfter?.Delta is { } delta && delta < LongestWait ? delta : LongestWait;

    // An eviction that a disruption budget forbids also answers 429; that one is for whoever asked for it to wait for.
    private static bool AsksForPatience(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
        && response.Headers.RetryAfter?.Delta is not null
        && response.RequestMessage?.RequestUri?.AbsolutePath.EndsWith("/eviction", StringComparison.Ordinal) != true;
}
