using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Dapr.Client;
using Dapr.Client.Autogen.Grpc.v1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Tests.Executor;

/// <summary>The part of a Dapr sidecar that takes what is published, on a port of its own.</summary>
internal sealed class PublishingSidecar : IAsyncDisposable
{
    private const string Publish = "/dapr.proto.runtime.v1.Dapr/PublishEvent";
    private const int Prefix = 5; // of a gRPC message: whether it is compressed, and its length

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<PublishEventRequest> _published = Channel.CreateUnbounded<PublishEventRequest>();
    private readonly WebApplication _app;

    private PublishingSidecar()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.MapPost(Publish, ReceiveAsync);
    }

    /// <summary>Whether the broker behind it is away.</summary>
    public bool Refuses { get; set; }

    /// <summary>Completes when it has refused something.</summary>
    public Task Refused => _refused.Task.WaitAsync(Patience);

    public DaprClient Client { get; private set; } = null!;

    public static async Task<PublishingSidecar> StartAsync()
    {
        var sidecar = new PublishingSidecar();
        await sidecar._app.StartAsync();
        sidecar.Client = new DaprClientBuilder().UseGrpcEndpoint(sidecar._app.Urls.First()).Build();
        return sidecar;
    }

    /// <summary>The next event that is published, with its topic and content type.</summary>
    public async Task<(string Topic, string ContentType, JsonElement Event)> NextAsync()
    {
        var request = await _published.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        return ($"{request.PubsubName}/{request.Topic}", request.DataContentType, JsonSerializer.Deserialize<JsonElement>(request.Data.Span));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        var message = new MemoryStream();
        await http.Request.Body.CopyToAsync(message, http.RequestAborted);
        http.Response.ContentType = "application/grpc";
        if (Refuses)
        {
            _refused.TrySetResult();
            http.Response.AppendTrailer("grpc-status", "13");
            http.Response.AppendTrailer("grpc-message", "the broker is away");
            return;
        }

        var bytes = message.ToArray();
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1));
        _published.Writer.TryWrite(PublishEventRequest.Parser.ParseFrom(bytes, Prefix, length));
        await http.Response.Body.WriteAsync(new byte[Prefix], http.RequestAborted);
        http.Response.AppendTrailer("grpc-status", "0");
    }
}
