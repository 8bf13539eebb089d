using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DaprRollouts.Kubernetes;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace DaprRollouts.Activities.Metrics;

/// <summary>
/// Talks to metric servers: within a time and a size, not to hosts that are denied, and for a moment not at all to a server that does not
/// answer. Redirects are followed as long as they keep to the scheme.
/// </summary>
public sealed class MetricHttp : IDisposable
{
    private const int MaxAnswerBytes = 8 * 1024 * 1024;
    private const int MaxRedirects = 10;

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> _servers = new();
    private readonly MetricHostPolicy _policy;
    private readonly TimeProvider _time;
    private readonly MetricTrust? _trust;
    private readonly EnvironmentProxy _proxy;
    private readonly HttpMessageInvoker _checked;
    private readonly HttpMessageInvoker _unchecked;

    /// <param name="policy">Which hosts are denied.</param>
    /// <param name="time">The clock.</param>
    /// <param name="trust">Certificates that are trusted beside those of the machine.</param>
    /// <param name="proxy">The proxies on the way; null for those of the environment.</param>
    public MetricHttp(MetricHostPolicy policy, TimeProvider time, MetricTrust? trust = null, EnvironmentProxy? proxy = null)
    {
        (_policy, _time, _trust, _proxy) = (policy, time, trust, proxy ?? EnvironmentProxy.Read(Environment.GetEnvironmentVariable));
        _checked = new HttpMessageInvoker(Handler(insecure: false));
        _unchecked = new HttpMessageInvoker(Handler(insecure: true));
    }

    /// <summary>Sends a request and reads the answer, whatever its status.</summary>
    /// <exception cref="MetricException">There is no answer in time, or it is too large, or the host is denied.</exception>
    public async Task<MetricAnswer> SendAsync(MetricCall call, CancellationToken cancel)
    {
        var timeout = call.Timeout < LongestTimeout ? call.Timeout : LongestTimeout;
        using var deadline = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            return await FollowAsync(call, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new MetricException($"{call.Where}: no answer within {Core.Analysis.GoFormat.Duration(timeout)}");
        }
        catch (BrokenCircuitException)
        {
            throw new MetricException($"{call.Where}: the server did not answer several times in a row and is not asked for a moment");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or SocketException or UriFormatException)
        {
            throw new MetricException($"{call.Where}: {(e.InnerException as MetricException)?.Message ?? Innermost(e)}");
        }
    }

    public void Dispose()
    {
        _checked.Dispose();
        _unchecked.Dispose();
    }

    private async Task<MetricAnswer> FollowAsync(MetricCall call, CancellationToken cancel)
    {
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            if (_policy.Denies(call.Address.Host))
            {
                throw new MetricException($"{call.Where}: the host {call.Address.Host} is denied by the executor's policy");
            }

            await CheckBehindProxyAsync(call, cancel);
            using var response = await ServerOf(call).ExecuteAsync(
                async token => await (call.Insecure ? _unchecked : _checked).SendAsync(call.ToRequest(), token), cancel);
            if (response.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.RedirectKeepVerb or HttpStatusCode.PermanentRedirect)
                || response.Headers.Location is not { } location)
            {
                return new MetricAnswer((int)response.StatusCode, await ReadAsync(call, response.Content, cancel));
            }

            call = call.RedirectedTo(location, keepsMethod: response.StatusCode is HttpStatusCode.RedirectKeepVerb or HttpStatusCode.PermanentRedirect);
        }

        throw new MetricException($"{call.Where}: stopped after {MaxRedirects} redirects");
    }

    private static async Task<string> ReadAsync(MetricCall call, HttpContent content, CancellationToken cancel)
    {
        await using var stream = await content.ReadAsStreamAsync(cancel);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancel)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MaxAnswerBytes)
            {
                throw new MetricException($"{call.Where}: the answer has more than {MaxAnswerBytes} bytes");
            }
        }

        return Encoding.UTF8.GetString(body.GetBuffer().AsSpan(0, (int)body.Length)).TrimStart('\uFEFF');
    }

    private ResiliencePipeline<HttpResponseMessage> ServerOf(MetricCall call) =>
        _servers.GetOrAdd(call.Address.Authority, _ => new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                // Only where no connection came about: the server has not seen the request, so asking again is safe.
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>(
                    e => e.HttpRequestError == HttpRequestError.ConnectionError && e.InnerException is not MetricException),
                MaxRetryAttempts = 1,
                Delay = TimeSpan.FromMilliseconds(100),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>(e => e.InnerException is not MetricException),
                FailureRatio = 0.9,
                MinimumThroughput = 20,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(5),
            })
            .Build());

    private SocketsHttpHandler Handler(bool insecure)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            UseCookies = false,
            Proxy = _proxy,
            ConnectCallback = (context, cancel) => ConnectAsync(context.DnsEndPoint, cancel),
        };
        if (insecure)
        {
#pragma warning disable CA5359 // The metric asks for it by `insecure: true`.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (_trust is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => _trust.Accepts(certificate, chain, errors);
        }

        return handler;
    }

    // A proxy connects in our place, so that the address has to be looked up here to be checked; a name that only the proxy knows is the proxy's affair.
    private async Task CheckBehindProxyAsync(MetricCall call, CancellationToken cancel)
    {
        if (_proxy.IsBypassed(call.Address) && !_proxy.IsServer(call.Address.IdnHost, call.Address.Port))
        {
            return;
        }

        try
        {
            if (Array.Find(await Dns.GetHostAddressesAsync(call.Address.IdnHost, cancel), _policy.Denies) is { } denied)
            {
                throw new MetricException($"{call.Where}: the address {denied} of {call.Address.Host} is denied by the executor's policy");
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain)
        {
            return;
        }
    }

    // The address is checked here, where it is used: a name may lead anywhere, and elsewhere the next time. A proxy may be where metrics may not go.
    private async ValueTask<Stream> ConnectAsync(DnsEndPoint server, CancellationToken cancel)
    {
        var addresses = IPAddress.TryParse(server.Host, out var given) ? [given] : await Dns.GetHostAddressesAsync(server.Host, cancel);
        if (!_proxy.IsServer(server.Host, server.Port) && Array.Find(addresses, _policy.Denies) is { } denied)
        {
            throw new MetricException($"the address {denied} of {server.Host} is denied by the executor's policy");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, server.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e.Message;
}
