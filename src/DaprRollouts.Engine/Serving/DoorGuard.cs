using System.Net;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace DaprRollouts.Engine.Serving;

/// <summary>Lets in only callers from this machine, unless others may call, and only those that know the token, if there is one: as a sidecar does.</summary>
internal sealed class DoorGuard(WorkflowEngineOptions options) : Interceptor
{
    private const string Header = "dapr-api-token";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, responseStream, context);
    }

    private void Check(ServerCallContext context)
    {
        // A caller without an address comes through a socket file, or from a test.
        if (!options.ServesOtherMachines && context.GetHttpContext().Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
        {
            throw EngineErrors.Of(StatusCode.PermissionDenied, $"the engine serves its own machine only, and {address} is another one");
        }

        if (!string.IsNullOrEmpty(options.ApiToken))
        {
            CheckToken(context, options.ApiToken);
        }
    }

    private static void CheckToken(ServerCallContext context, string token)
    {
        var sent = context.RequestHeaders.GetValue(Header)
            ?? throw EngineErrors.Of(StatusCode.Unauthenticated, "missing api token in request metadata");
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(token)))
        {
            throw EngineErrors.Of(StatusCode.Unauthenticated, "authentication error: api token mismatch");
        }
    }
}
