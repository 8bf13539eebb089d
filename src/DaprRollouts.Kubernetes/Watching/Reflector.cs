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
public sealed partial class Reflector<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    // A server, or a proxy before it, that accepts watches and drops them at once must not be asked without a pause.
    private static readonly TimeSpan TooShort = TimeSpan.FromSeconds(1);

    private readonly ResourceReader<T> _reader;
    private readonly ResourceKind<T> _kind;
    private readonly ResourceCache<T> _cache;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _retry;
    private long? _version;

    public Reflector(
        k8s.Kubernetes client, ResourceKind<T> kind, ResourceCache<T> cache, string? ns, string? labelSelector, ILogger logger, TimeProvider? time = null)
    {
        (_kind, _cache, _logger, _time) = (kind, cache, logger, time ?? TimeProvider.System);
        _reader = new ResourceReader<T>(client, kind, ns, labelSelector, _time);
        _retry = new ResiliencePipelineBuilder { TimeProvider = _time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.FromMilliseconds(250),
            MaxDelay = TimeSpan.FromSeconds(15),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            // A request that timed out looks cancelled, too.
            ShouldHandle = turn => ValueTask.FromResult(turn.Outcome.Exception is not null && !turn.Context.CancellationToken.IsCancellationRequested),
            OnRetry = retry =>
            {
                Log.Failed(_logger, _kind.Plural, retry.RetryDelay, retry.Outcome.Exception!.Message);
                return default;
            },
        }).Build();
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await _retry.ExecuteAsync(TurnAsync, cancel);
        }
    }

    // One connection of a watch, with a list before it where there is nothing to continue from. A turn fails only if it got nowhere.
    private async ValueTask TurnAsync(CancellationToken cancel)
    {
        var progressed = false;
        try
        {
            _version ??= await ListAsync(cancel);
            var began = _time.GetTimestamp();
            await foreach (var watched in _reader.WatchAsync(_version.Value, cancel))
            {
                _version = Apply(watched);
                progressed = true;
            }

            if (!progressed && _time.GetElapsedTime(began) < TooShort)
            {
                throw new IOException("the watch ended at once");
            }
        }
        catch (GoneException e)
        {
            Log.Gone(_logger, _kind.Plural, _version ?? 0, e.Message);
            _version = null;
            if (!progressed)
            {
                throw;
            }
        }
        catch (Exception e) when (progressed && !cancel.IsCancellationRequested)
        {
            Log.Broke(_logger, _kind.Plural, _version ?? 0, e.Message);
        }
    }

    private async Task<long> ListAsync(CancellationToken cancel)
    {
        var (objects, version) = await _reader.ListAsync(cancel);
        foreach (var value in objects)
        {
            Report(value);
        }

        _cache.Reset(objects, version);
        return version;
    }

    private long Apply(WatchedEvent watched)
    {
        var (type, json) = watched;
        if (type == "ERROR")
        {
            // Whatever it was: nothing is certain but what is listed anew.
            throw new GoneException("", json.GetRawText());
        }

        if (type == "BOOKMARK")
        {
            var seen = ResourceReader<T>.Version(json);
            _cache.Seen(seen);
            return seen;
        }

        var value = _reader.Read(json);
        Report(value);
        if (type == "DELETED")
        {
            _cache.Remove(value);
        }
        else
        {
            _cache.Upsert(value);
        }

        var version = ResourceReader<T>.Version(json);
        _cache.Seen(version);
        return version;
    }

    private void Report(T value)
    {
        if (value is ClusterObject { Unreadable: { Count: > 0 } unreadable })
        {
            Log.Unreadable(_logger, _kind.Kind, value.Metadata.NamespaceProperty ?? "", value.Metadata.Name, string.Join("; ", unreadable));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Watching {Plural} failed, again in {Delay}: {Problem}")]
        public static partial void Failed(ILogger logger, string plural, TimeSpan delay, string problem);

        [LoggerMessage(Level = LogLevel.Information, Message = "The API server has forgotten version {Version} of {Plural}, listing again: {Problem}")]
        public static partial void Gone(ILogger logger, string plural, long version, string problem);

        [LoggerMessage(Level = LogLevel.Debug, Message = "The watch of {Plural} broke, continuing at version {Version}: {Problem}")]
        public static partial void Broke(ILogger logger, string plural, long version, string problem);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Namespace}/{Name} has members that cannot be read and were left out: {Problem}")]
        public static partial void Unreadable(ILogger logger, string kind, string @namespace, string name, string problem);
    }
}
