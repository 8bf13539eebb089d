using System.Security.Cryptography;
using System.Text;

namespace DaprRollouts.Executor.Images;

/// <summary>
/// Lets only those tell of pushes who know the secret, where one is set: in the header Authorization, as Harbor and Docker registries send it, or as the signature over
/// the body that GitHub sends.
/// </summary>
internal static class WebhookSecret
{
    /// <summary>The setting that holds the secret.</summary>
    public const string Setting = "DAPR_ROLLOUTS_WEBHOOK_SECRET";

    private const string Signature = "X-Hub-Signature-256";
    private const string SignaturePrefix = "sha256=";

    public static async ValueTask<object?> Check(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var secret = context.HttpContext.RequestServices.GetRequiredService<IConfiguration>()[Setting];
        return string.IsNullOrEmpty(secret) || await KnowsAsync(context.HttpContext.Request, secret)
            ? await next(context)
            : TypedResults.Problem($"Send the secret of {Setting} in the header Authorization, or sign the body with it ({Signature}).", statusCode: 401, title: "The secret is missing or wrong");
    }

    private static async Task<bool> KnowsAsync(HttpRequest request, string secret)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (Same(authorization, secret) || Same(authorization, $"Bearer {secret}"))
        {
            return true;
        }

        if (request.Headers[Signature].ToString() is not { Length: > 0 } signature || !signature.StartsWith(SignaturePrefix, StringComparison.Ordinal))
        {
            return false;
        }

        request.EnableBuffering();
        var hash = await HMACSHA256.HashDataAsync(Encoding.UTF8.GetBytes(secret), request.Body, request.HttpContext.RequestAborted);
        request.Body.Position = 0;
        return Same(signature, SignaturePrefix + Convert.ToHexStringLower(hash));
    }

    private static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
