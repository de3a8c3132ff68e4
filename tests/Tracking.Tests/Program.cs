using Osteon.Tracking.Tests;
using Xunit.Runner.InProc.SystemConsole;

return args is ["write", ..] ? Writer.Run(args[1..]) : await ConsoleRunner.Run(args);
