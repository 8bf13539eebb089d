using System.Security.Cryptography;
using System.Text;

namespace DaprRollouts.Executor.Signals;

/// <summary>Lets only the sidecar in where it was given a token: Dapr sends APP_API_TOKEN in the header dapr-api-token.</summary>
internal static class SidecarToken
{
    private const string Header = "dapr-api-token";

    public static async ValueTask<object?> Check(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var expected = context.HttpContext.RequestServices.GetRequiredService<IConfiguration>()["APP_API_TOKEN"];
        var given = context.HttpContext.Request.Headers[Header].ToString();
        return string.IsNullOrEmpty(expected) || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given))
            ? await next(context)
            : Results.Unauthorized();
    }
}
