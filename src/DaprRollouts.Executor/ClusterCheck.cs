using System.Net;
using System.Text.Json;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.Resources;
using Polly;
using Polly.Retry;

namespace DaprRollouts.Executor;

/// <summary>The executor cannot start; the message says why, and what would help.</summary>
public sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Looks before the start whether the cluster can be reached and knows the custom resources, so that a mistake shows at once and not as a stream of retries.</summary>
internal static class ClusterCheck
{
    // An API server that restarts together with this process is given a moment.
    private static readonly RetryStrategyOptions<string[]> Patience = new()
    {
        MaxRetryAttempts = 3,
        Delay = TimeSpan.FromMilliseconds(500),
        BackoffType = DelayBackoffType.Exponential,
        ShouldHandle = new PredicateBuilder<string[]>().Handle<HttpRequestException>(e => e.StatusCode is null or >= HttpStatusCode.InternalServerError),
    };

    /// <summary>Returns if all is well, else throws.</summary>
    public static async Task RunAsync(ClusterConnection connection, CancellationToken cancel)
    {
        var pipeline = new ResiliencePipelineBuilder<string[]>().AddRetry(Patience).Build();
        try
        {
            var served = await pipeline.ExecuteAsync(async token => await ServedAsync(connection, token), cancel);
            string[] needed = [Kinds.Rollouts.Plural, Kinds.AnalysisRuns.Plural, Kinds.AnalysisTemplates.Plural, Kinds.ClusterAnalysisTemplates.Plural];
            if (needed.Except(served).ToList() is { Count: > 0 } missing)
            {
                throw new StartException(
                    $"the cluster does not know {string.Join(", ", missing)}: install the custom resource definitions with 'dapr-rollouts crds install' or 'kubectl apply -f deploy/crds'");
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            throw new StartException($"the API server at {connection.Client.BaseUri} cannot be used ({e.Message}): check --kubeconfig, and whether it runs", e);
        }
    }

    private static async Task<string[]> ServedAsync(ClusterConnection connection, CancellationToken cancel)
    {
        var client = connection.Client;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{client.BaseUri.AbsoluteUri.TrimEnd('/')}/apis/{Kinds.Rollouts.ApiVersion}");
        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancel);
        }

        using var response = await client.HttpClient.SendAsync(request, cancel);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return [];
        }

        response.EnsureSuccessStatusCode();
        using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel);
        return [.. json.RootElement.GetProperty("resources").EnumerateArray().Select(r => r.GetProperty("name").GetString()!)];
    }
}
