using System.Text.Json;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Writing;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace DaprRollouts.Kubernetes.Watching;

/// <summary>
/// Keeps a cache in step with the API server: lists once, then watches from there. A watch that ends is taken up where it ended; where the server has forgotten
/// that point (410 Gone), everything is listed again and only the differences count.
/// </summary>
public sealed class Reflector<T>(
    k8s.Kubernetes client, ResourceKind<T> kind, ResourceCache<T> cache, string? ns, string? labelSelector, ILogger logger)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly ResourceReader<T> _reader = new(client, kind, ns, labelSelector);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var pipeline = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.FromMilliseconds(250),
            MaxDelay = TimeSpan.FromSeconds(15),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            OnRetry = retry =>
            {
                logger.LogWarning("Listing {Plural} failed, again in {Delay}: {Message}", kind.Plural, retry.RetryDelay, retry.Outcome.Exception?.Message);
                return default;
            },
        }).Build();
        while (!cancel.IsCancellationRequested)
        {
            var version = await pipeline.ExecuteAsync(async token => await ListAsync(token), cancel);
            await WatchFromAsync(version, cancel);
        }
    }

    private async Task<long> ListAsync(CancellationToken cancel)
    {
        var (objects, version) = await _reader.ListAsync(cancel);
        cache.Reset(objects, version);
        return version;
    }

    // Returns when everything must be listed again.
    private async Task WatchFromAsync(long version, CancellationToken cancel)
    {
        var failures = 0;
        while (true)
        {
            try
            {
                await foreach (var (type, json) in _reader.WatchAsync(version, cancel))
                {
                    if (type == "ERROR")
                    {
                        logger.LogInformation("The watch of {Plural} ended, listing again: {Error}", kind.Plural, json.GetRawText());
                        return;
                    }

                    version = Apply(type, json);
                    failures = 0;
                }
            }
            catch (KubernetesApiException e) when (e.StatusCode == 410)
            {
                return;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or KubernetesApiException or JsonException)
            {
                logger.LogInformation("The watch of {Plural} broke, continuing at {Version}: {Message}", kind.Plural, version, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(250 * Math.Pow(2, failures++), 15_000)), cancel);
            }
        }
    }

    private long Apply(string type, JsonElement json)
    {
        var version = long.Parse(json.GetProperty("metadata").GetProperty("resourceVersion").GetString()!);
        switch (type)
        {
            case "ADDED" or "MODIFIED":
                cache.Upsert(_reader.Read(json));
                break;
            case "DELETED":
                cache.Remove(_reader.Read(json));
                break;
        }

        cache.Seen(version);
        return version;
    }
}
