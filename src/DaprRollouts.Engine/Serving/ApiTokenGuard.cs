using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace DaprRollouts.Engine.Serving;

/// <summary>Lets in only callers that know the token, as a sidecar with an API token does.</summary>
internal sealed class ApiTokenGuard(WorkflowEngineOptions options) : Interceptor
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
        var sent = context.RequestHeaders.GetValue(Header)
            ?? throw EngineErrors.Of(StatusCode.Unauthenticated, "missing api token in request metadata");
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(options.ApiToken!)))
        {
            throw EngineErrors.Of(StatusCode.Unauthenticated, "authentication error: api token mismatch");
        }
    }
}
