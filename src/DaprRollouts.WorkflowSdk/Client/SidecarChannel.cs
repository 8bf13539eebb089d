using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Dapr.Workflow.Client;

/// <summary>How the connection to a sidecar is made: alive for as long as it takes, without limits of its own.</summary>
internal static class SidecarChannel
{
    private const string TokenHeader = "dapr-api-token";
    private const string TraceHeader = "grpc-trace-bin";

    public static GrpcChannelOptions Options(GrpcChannelOptions? sizes = null) => new()
    {
        HttpClient = Http(),
        DisposeHttpClient = true,
        MaxReceiveMessageSize = sizes?.MaxReceiveMessageSize,
        MaxSendMessageSize = sizes?.MaxSendMessageSize,
        ThrowOperationCanceledOnCancellation = true,
    };

    public static HttpClient Http()
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            // A sidecar drops connections that ping more often than every 8 seconds.
            KeepAlivePingDelay = TimeSpan.FromSeconds(60),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Adds to every call what a sidecar wants to know: the token, and the trace that the call belongs to.</summary>
    public static CallInvoker WithMetadata(CallInvoker invoker, string? apiToken) => invoker.Intercept(metadata =>
    {
        if (!string.IsNullOrEmpty(apiToken))
        {
            metadata.Add(TokenHeader, apiToken);
        }

        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            metadata.Add(TraceHeader, BinaryTrace(activity));
        }

        return metadata;
    });

    // Version 0, then trace id, span id and flags, each behind the number of its field.
    private static byte[] BinaryTrace(Activity activity)
    {
        var bytes = new byte[29];
        activity.TraceId.CopyTo(bytes.AsSpan(2, 16));
        bytes[18] = 1;
        activity.SpanId.CopyTo(bytes.AsSpan(19, 8));
        bytes[27] = 2;
        bytes[28] = (byte)activity.ActivityTraceFlags;
        return bytes;
    }
}
